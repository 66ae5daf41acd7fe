import type { TestIssuer } from "../support/e2e/test-issuer.ts";
import { accessClaims, createSigningKey, signClaims } from "../support/token/signing-key.ts";
import { READ, WIDE, WRITE } from "./policy.ts";

/** A sender of requests, and the claims that the upstream must get for it. */
export interface Caller {
  /** `undefined` for a caller without a token. */
  readonly token: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
}

export interface Callers {
  /** May read and write; always the same token. */
  readonly hot: Caller;
  /** Number of callers that `next` returns in turn. */
  readonly count: number;
  /** Another caller each time, in turn. May read and write, and has a scope that implies 500 others. */
  next(): Caller;
  /** May read only. */
  readonly reader: Caller;
  /** Its token is signed with an unpublished key, under the `kid` of a published one. */
  readonly forger: Caller;
  readonly expired: Caller;
  readonly anonymous: Caller;
}

/** @param count number of callers that `next` returns in turn, each with its own token */
export async function createCallers(issuer: TestIssuer, count: number): Promise<Callers> {
  const named = async (name: string, scope: string): Promise<Caller> => ({
    token: await issuer.token({ sub: `user-${name}`, client_id: `client-${name}`, jti: name, scope }),
    subject: `user-${name}`,
    clientId: `client-${name}`,
  });
  const readAndWrite = `${READ} ${WRITE}`;
  const inTurn = await Promise.all(
    Array.from({ length: count }, (_, index) => named(String(index), `${readAndWrite} ${WIDE}`)),
  );
  const stranger = await createSigningKey("key-1");
  const now = Math.floor(Date.now() / 1000);
  const anonymous: Caller = { token: undefined, subject: undefined, clientId: undefined };
  const hot = await named("hot", readAndWrite);
  let turn = 0;
  return {
    hot,
    count,
    next: () => inTurn[turn++ % inTurn.length] ?? hot,
    reader: await named("reader", READ),
    forger: { ...anonymous, token: await signClaims(stranger, accessClaims(issuer.url, { scope: readAndWrite })) },
    expired: { ...anonymous, token: await issuer.token({ iat: now - 7_200, exp: now - 3_600, scope: readAndWrite }) },
    anonymous,
  };
}
