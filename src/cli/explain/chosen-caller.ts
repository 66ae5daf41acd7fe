import { type AssumedValue, parseAssumedValue } from "../../explain/assumed-values.ts";
import {
  type Assumption,
  assumedCaller,
  type Caller,
  callerWithToken,
  nobody,
  registeredClient,
} from "../../explain/caller.ts";
import { isGuid } from "../../policy/issuers/tenants.ts";
import type { Client, Policy } from "../../policy/policy.ts";
import type { BindingMethod } from "../../policy/requirements/binding.ts";
import { nameHint } from "../../policy/suggestion.ts";
import type { Arguments } from "../args/command.ts";
import { InputError, UsageError } from "../args/exit-code.ts";
import { assertToken, readTokenFile } from "../args/read-token.ts";
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
    if (args.tenant !== undefined) assertTenant(args.tenant, policy);
    if (text === undefined) return isAssumed ? assumedCaller(assumptionOf(args, scopes, policy), policy) : nobody;
    const keys = args.jwks === undefined ? undefined : createJwksKeyStore(args.jwks);
    return callerWithToken(text, policy, keys, Date.now());
  };
}

/** @throws UsageError the text is no GUID; InputError no issuer has tenants */
function assertTenant(tenant: string, { issuers }: Policy): void {
  if (!isGuid(tenant)) throw new UsageError("--tenant is not a GUID.");
  if (Array.from(issuers.values()).some(({ tenants }) => tenants !== undefined)) return;
  throw new InputError("--tenant: no issuer of the policy has `tenants`.");
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

interface AssumedOptions {
  readonly client?: string | undefined;
  readonly issuer?: string | undefined;
  readonly grant: readonly string[];
  readonly claim: readonly string[];
  readonly tenant?: string | undefined;
  readonly bound?: BindingMethod | undefined;
}

function assumptionOf(
  { client: name, issuer: issuerName, grant, claim, tenant, bound }: AssumedOptions,
  scopes: readonly string[] | undefined,
  policy: Policy,
): Assumption {
  const client = clientNamed(name, policy);
  const issuers = [...policy.issuers.values()];
  const issuer = issuers.find((it) => it.name === issuerName);
  if (issuerName !== undefined && issuer === undefined) {
    const hint = nameHint(
      issuerName,
      issuers.map((it) => it.name),
    );
    throw new InputError(`There is no issuer \`${issuerName}\` in \`issuers\`. ${hint}`);
  }
  if (client && issuer && client.issuer !== issuer.name) {
    throw new InputError(
      `The client \`${client.name}\` is registered by \`${client.issuer}\`, not by \`${issuer.name}\`.`,
    );
  }
  const valuesOf = (option: string, texts: readonly string[]): readonly AssumedValue[] =>
    texts.map((text) => {
      const value = parseAssumedValue(text, issuers);
      if (value.ok) return value.value;
      throw new UsageError(`${option} ${text}: ${value.failure.message} ${value.failure.hint}`);
    });
  const [values, tested] = [valuesOf("--grant", grant), valuesOf("--claim", claim)];
  return { client, scopes, issuer, values, tested, tenant, bound };
}

function clientNamed(name: string | undefined, policy: Policy): Client | undefined {
  if (name === undefined) return undefined;
  const client = registeredClient(name, policy);
  if (client.ok) return client.value;
  throw new InputError(`${client.failure.message} ${client.failure.hint}`);
}
