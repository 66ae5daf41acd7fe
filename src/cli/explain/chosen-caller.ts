import { assumedCaller, type Caller, callerWithToken, nobody } from "../../explain/caller.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Arguments } from "../args/command.ts";
import { UsageError } from "../args/exit-code.ts";
import { assertToken, readTokenFile } from "../args/read-token.ts";
import { assertTenant, assumptionOf } from "./assumption-of.ts";
import type { explainOptions } from "./explain-options.ts";
import { createJwksKeyStore } from "./jwks-key-store.ts";

/** What the command line says of the caller, and of the policy. */
export type ExplainArguments = Arguments<typeof explainOptions, Record<never, never>>;

/**
 * Reads who asks from the options. Call what it returns with the policy.
 *
 * @param scopes of `--scope`
 * @throws UsageError the options contradict each other, or the token is none
 */
export function chosenCaller(
  args: ExplainArguments,
  scopes: readonly string[] | undefined,
): (policy: Policy) => Caller {
  const isAssumed =
    (args.client ?? scopes ?? args.grant[0] ?? args.claim[0] ?? args.issuer ?? args.tenant ?? args.bound) !==
      undefined || undefined;
  const given = [args.token, args["token-file"], isAssumed].filter((it) => it !== undefined);
  if (given.length > 1) {
    throw new UsageError(
      "Give one of --token, --token-file, and what a token is assumed to have: --client, --scope, --grant, --claim, --issuer, --tenant, --bound.",
    );
  }
  const text = args.token ?? (args["token-file"] === undefined ? undefined : readTokenFile(args["token-file"]));
  if (text !== undefined) assertToken(text);
  if (args.jwks !== undefined && text === undefined)
    throw new UsageError("--jwks is for a token: give one with --token-file.");
  return (policy) => {
    if (args.tenant !== undefined) assertTenant(args.tenant, policy, optionName);
    if (text === undefined) {
      return isAssumed ? assumedCaller(assumptionOf({ ...args, scopes }, policy, optionName), policy) : nobody;
    }
    const keys = args.jwks === undefined ? undefined : createJwksKeyStore(args.jwks);
    return callerWithToken(text, policy, keys, Date.now());
  };
}

function optionName(member: string): string {
  return `--${member}`;
}

/** The scopes of `--scope a --scope "b c" d`: all spellings that people try. */
export function scopesOf(given: readonly string[], more: readonly string[]): readonly string[] | undefined {
  if (given.length === 0) {
    if (more.length === 0) return undefined;
    throw new UsageError(`\`${more[0]}\` is one argument too many: scopes follow --scope.`);
  }
  const names = [...given, ...more].flatMap((text) => text.split(/[\s,]+/)).filter((name) => name !== "");
  if (names.length === 0) throw new UsageError("--scope names no scope.");
  return names;
}
