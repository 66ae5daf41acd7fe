import { Denial } from "../answer/denial.ts";
import type { WaitUntil } from "../keys/key-io.ts";
import type { Fault } from "../policy/fault.ts";
import type { Revocation } from "../policy/policy.ts";
import type { RevocableToken, RevocationList } from "./revocation-list.ts";
import { type RevocationIo, RevocationReader, type RevocationStatus } from "./revocation-reader.ts";

/**
 * Makes the check that refuses revoked tokens, remembered ones included. It returns a promise only if the list must be
 * read first. Checks nothing else of a token: it must be verified.
 *
 * The check returns `token-revoked`, or `revocations-unavailable` without a list that may be used.
 */
export function createRevocationCheck(
  reader: Pick<RevocationReader, "current" | "load" | "retryAfterSeconds">,
  now: () => number,
): (
  token: RevocableToken,
  presented: unknown,
  waitUntil: WaitUntil,
) => Denial | undefined | Promise<Denial | undefined> {
  const judge = (token: RevocableToken, list: RevocationList): Denial | undefined => {
    const kind = list.revokes(token, now());
    return kind && new Denial("token-revoked", DETAILS[kind]);
  };
  const loadAndJudge = async (token: RevocableToken, waitUntil: WaitUntil): Promise<Denial | undefined> => {
    const list = await reader.load(waitUntil);
    if (list !== undefined) return judge(token, list);
    // Closed: without the list, nobody knows whether the token is revoked.
    const detail = "The list of revocations could not be read.";
    return new Denial("revocations-unavailable", detail, reader.retryAfterSeconds());
  };
  return (token, _presented, waitUntil) => {
    const list = reader.current(waitUntil);
    return list === undefined ? loadAndJudge(token, waitUntil) : judge(token, list);
  };
}

const DETAILS = {
  tokenId: "The token's `jti` is revoked.",
  session: "The token's session is revoked.",
  subject: "Tokens of this subject are revoked, up to a time.",
  client: "Tokens of this client are revoked, up to a time.",
} as const;

/** What the Worker uses of the list of revocations. */
export interface Revocations {
  readonly check: ReturnType<typeof createRevocationCheck>;
  /** The state of the list. Reads it as a request would. */
  readonly status: (waitUntil: WaitUntil) => Promise<RevocationStatus>;
}

/**
 * Makes everything that a policy with `revocation` needs of the Worker. It reads nothing until a request needs the
 * list.
 */
export function createRevocations(settings: Revocation, io: RevocationIo): Revocations {
  const reader = new RevocationReader(settings, io);
  return {
    check: createRevocationCheck(reader, io.now),
    async status(waitUntil) {
      if (reader.current(waitUntil) === undefined) await reader.load(waitUntil);
      return reader.status();
    },
  };
}

/** The fault of a policy with `revocation` in a Worker without the namespace. */
export const MISSING_REVOCATIONS: Fault = {
  path: ["revocation"],
  message: "The Worker has no KV namespace `REVOCATIONS`.",
  hint: "Add it to kv_namespaces in wrangler.toml, for every environment.",
};
