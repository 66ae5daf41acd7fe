import { MAX_REVOCATION_SECONDS } from "../../limits.ts";
import { nameHint } from "../../policy/suggestion.ts";
import { isRevocableValue, type RevocationKind } from "../../revocations/revocation-value.ts";
import { readTime } from "../../testing/read-time.ts";
import { UsageError } from "../args/exit-code.ts";
import type { Selection } from "./change-list.ts";

/** The options that name what is revoked. At most one is given. */
export interface SelectingOptions {
  readonly subject?: string | undefined;
  readonly client?: string | undefined;
  readonly "token-id"?: string | undefined;
  readonly session?: string | undefined;
  readonly issuer?: string | undefined;
}

const KINDS: readonly (readonly [Exclude<keyof SelectingOptions, "issuer">, RevocationKind])[] = [
  ["subject", "subject"],
  ["client", "client"],
  ["token-id", "tokenId"],
  ["session", "session"],
];

/** How long an entry counts without `--until`: as long as a token may live. */
const DEFAULT_SECONDS = 86_400;

/** Where a token begins: base64url of `{"`, or of `{` and white space, as an issuer that indents its JSON writes it. */
const TOKEN = /(?:^|\s)(?:eyJ[\w-]*\.|e[wy][\w-]{14,}\.[\w-]+\.)/;

/**
 * Reads what is to be revoked.
 *
 * @param issuers names of the issuers that there are
 * @throws UsageError nothing or too much is named, or the value is a whole token. The message repeats no value
 */
export function readSelection(options: SelectingOptions, issuers: readonly string[]): Selection {
  const given = KINDS.flatMap(([option, kind]) => {
    const value = options[option];
    return value === undefined ? [] : [{ kind, value }];
  });
  const [selected] = given;
  if (selected === undefined || given.length > 1) {
    throw new UsageError("Give one of --subject, --client, --token-id and --session, or --list.");
  }
  if (TOKEN.test(selected.value)) {
    throw new UsageError("This is a token. Give its `jti`, not the token itself.");
  }
  if (!isRevocableValue(selected.value)) throw new UsageError("The value is empty or too long.");
  const [only] = issuers;
  const issuer = options.issuer ?? (issuers.length === 1 ? only : undefined);
  if (issuer === undefined) throw new UsageError(`Give --issuer. Known: ${issuers.join(", ")}.`);
  if (!issuers.includes(issuer)) throw new UsageError(`There is no issuer \`${issuer}\`. ${nameHint(issuer, issuers)}`);
  return { issuer, ...selected };
}

/**
 * Reads when an entry ends, in seconds since the epoch.
 *
 * @throws UsageError it is no time, or is over
 */
export function readUntil(until: string | undefined, nowSeconds: number): number {
  if (until === undefined) return nowSeconds + DEFAULT_SECONDS;
  const time = readTime(until);
  if (!time.ok) throw new UsageError(`--until: ${time.failure.message} ${time.failure.hint}`);
  const seconds = Math.ceil(time.value / 1000);
  if (seconds <= nowSeconds) throw new UsageError("--until is in the past. To end a revocation, use --undo.");
  if (seconds > MAX_REVOCATION_SECONDS) throw new UsageError("--until is too late.");
  return seconds;
}
