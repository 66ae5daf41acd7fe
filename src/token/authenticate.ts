import { Denial } from "../answer/denial.ts";
import type { KeySource } from "../keys/key-set.ts";
import type { WaitUntil } from "../keys/key-store.ts";
import { bearerToken } from "./bearer.ts";
import { TokenCache } from "./token-cache.ts";
import { type VerificationContext, type VerifiedToken, verifyToken } from "./verify.ts";

/** Who calls, and how that was found out. */
export interface Authentication {
  readonly token: VerifiedToken;
  readonly keySource: KeySource;
  readonly tokenCache: "hit" | "miss";
}

/**
 * Makes the function that turns an `Authorization` header into a verified token. It answers at once for a token it
 * remembers, as long as the key that verified it is still in the issuer's usable key set; everything else is verified.
 * A denial is never remembered.
 */
export function createAuthenticator(
  context: VerificationContext,
  cache: TokenCache = new TokenCache(),
): (authorization: string | null, waitUntil: WaitUntil) => Authentication | Denial | Promise<Authentication | Denial> {
  const verify = async (text: string, waitUntil: WaitUntil): Promise<Authentication | Denial> => {
    const verification = await verifyToken(text, context, waitUntil);
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
