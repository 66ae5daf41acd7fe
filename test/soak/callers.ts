import type { TestIssuer } from "../support/e2e/test-issuer.ts";
import { accessClaims, createSigningKey, signClaims } from "../support/token/signing-key.ts";
import { READ, WRITE } from "./policy.ts";

/** Whoever sends a request, and what the upstream must be told of it. */
export interface Caller {
  /** `undefined`: sends none. */
  readonly token: string | undefined;
  readonly subject: string | undefined;
  readonly clientId: string | undefined;
}

export interface Callers {
  /** May read and write; always the same token. */
  readonly hot: Caller;
  /** How many `next` has. */
  readonly count: number;
  /** May read and write; another one each time, in turn. */
  next(): Caller;
  /** May read only. */
  readonly reader: Caller;
  /** A key that the issuer does not publish, under the `kid` of one that it does. */
  readonly forger: Caller;
  readonly expired: Caller;
  readonly anonymous: Caller;
}

/** @param count how many callers `next` has, each with a token of its own */
export async function createCallers(issuer: TestIssuer, count: number): Promise<Callers> {
  const named = async (name: string, scope: string): Promise<Caller> => ({
    token: await issuer.token({ sub: `user-${name}`, client_id: `client-${name}`, jti: name, scope }),
    subject: `user-${name}`,
    clientId: `client-${name}`,
  });
  const readAndWrite = `${READ} ${WRITE}`;
  const inTurn = await Promise.all(Array.from({ length: count }, (_, index) => named(String(index), readAndWrite)));
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
