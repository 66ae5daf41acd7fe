import { Denial } from "../answer/denial.ts";
import type { WaitUntil } from "../keys/key-io.ts";
import type { KeySource } from "../keys/key-set.ts";
import type { Admission } from "./admit.ts";
import { bearerToken } from "./bearer.ts";
import { TokenCache } from "./token-cache.ts";
import { type VerificationContext, verifyToken } from "./verify.ts";

/**
 * Who calls, and how the gateway found out. In the Worker the token is verified, because only `createAuthenticator`
 * makes an authentication there. `explain` makes its own.
 */
export interface Authentication {
  readonly token: Admission;
  readonly keySource: KeySource;
  readonly tokenCache: "hit" | "miss";
}

/**
 * Turns the value of an `Authorization` header into an authentication. Returns a promise only if there is something to
 * wait for: awaiting a remembered token, too, would cost each request 0.1 µs (a loop of 3 million on Node 24).
 */
export type Authenticate = (
  authorization: string | null,
  waitUntil: WaitUntil,
) => Authentication | Denial | Promise<Authentication | Denial>;

/**
 * Makes the function that authenticates requests in the Worker. It remembers verified tokens, and accepts a remembered
 * one at once while the key that verified it is still in the issuer's usable key set. It verifies all other tokens, and
 * never remembers a denial.
 */
export function createAuthenticator(context: VerificationContext, cache: TokenCache = new TokenCache()): Authenticate {
  const withKnownScopes = { ...context, knownScopes: cache.knownScopes };
  const verify = async (text: string, waitUntil: WaitUntil): Promise<Authentication | Denial> => {
    const verification = await verifyToken(text, withKnownScopes, waitUntil);
    if (verification instanceof Denial) return verification;
    cache.set(text, verification.token, context.now());
    return { ...verification, tokenCache: "miss" };
  };
  return (authorization, waitUntil) => {
    const text = bearerToken(authorization);
    if (text instanceof Denial) return text;
    const token = cache.get(text, context.now());
    if (token === undefined) return verify(text, waitUntil);
    if (context.keys.of(token.issuer).current(waitUntil)?.all.has(token.key)) {
      return { token, keySource: "memory", tokenCache: "hit" };
    }
    cache.delete(text);
    return verify(text, waitUntil);
  };
}
