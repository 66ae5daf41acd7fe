import { Denial } from "../answer/denial.ts";
import type { WaitUntil } from "../keys/key-io.ts";
import type { KeySource } from "../keys/key-set.ts";
import type { Admission } from "./admit.ts";
import { bearerToken } from "./bearer.ts";
import { TokenCache } from "./token-cache.ts";
import { refusedTokenOf, type VerificationContext, type VerifiedToken, verifyToken } from "./verify.ts";

/**
 * Who calls, and how the gateway found out. In the Worker the token is verified, because only `createAuthenticator`
 * makes an authentication there. `explain` makes its own.
 */
export interface Authentication {
  readonly token: Admission;
  readonly keySource: KeySource;
  readonly tokenCache: "hit" | "miss";
}

/** What a check may need of the request that presents a token. An exchange fits. */
export interface PresentedRequest {
  readonly request: Request;
  readonly method: string;
  readonly headers: Headers;
  readonly url: URL;
  /** The gateway's own origin. */
  readonly origin: string;
  /** Canonical. */
  readonly path: string | undefined;
}

/** Checks a verified token on every request, also if the token is remembered. Returns why it is refused. */
export type TokenCheck = (
  token: VerifiedToken,
  presented: PresentedRequest,
  waitUntil: WaitUntil,
) => Denial | undefined | Promise<Denial | undefined>;

/**
 * Turns the value of an `Authorization` header into an authentication. Returns a promise only if there is something to
 * wait for: awaiting a remembered token, too, would cost each request 0.1 µs (a loop of 3 million on Node 24).
 */
export type Authenticate = (
  authorization: string | null,
  presented: PresentedRequest,
  waitUntil: WaitUntil,
) => Authentication | Denial | Promise<Authentication | Denial>;

/**
 * Makes the function that authenticates requests in the Worker. It remembers verified tokens, and accepts a remembered
 * one at once while the key that verified it is still in the issuer's usable key set. It verifies all other tokens, and
 * never remembers a denial.
 *
 * @param checks run in this order on every request, also for remembered tokens, until one refuses
 * @param tokenOf reads the token of an `Authorization` header
 */
export function createAuthenticator(
  context: VerificationContext,
  cache: TokenCache = new TokenCache(),
  checks: readonly TokenCheck[] = [],
  tokenOf: (authorization: string | null) => string | Denial = bearerToken,
): Authenticate {
  const authenticate = createTokenAuthenticator(context, cache, tokenOf);
  if (checks.length === 0) return authenticate;
  return async (authorization, presented, waitUntil) => {
    const authentication = await authenticate(authorization, presented, waitUntil);
    if (authentication instanceof Denial) return authentication;
    const { token } = authentication;
    for (const check of checks) {
      const denial = await check(token, presented, waitUntil);
      if (denial !== undefined) return denial.of(refusedTokenOf(token.claims, denial, context.now()));
    }
    return authentication;
  };
}

/** An authentication in the Worker. */
interface VerifiedAuthentication extends Authentication {
  readonly token: VerifiedToken;
}

type AuthenticateToken = (
  ...request: Parameters<Authenticate>
) => VerifiedAuthentication | Denial | Promise<VerifiedAuthentication | Denial>;

function createTokenAuthenticator(
  context: VerificationContext,
  cache: TokenCache,
  tokenOf: (authorization: string | null) => string | Denial,
): AuthenticateToken {
  const withKnownScopes = { ...context, knownScopes: cache.knownScopes };
  const verify = async (text: string, waitUntil: WaitUntil): Promise<VerifiedAuthentication | Denial> => {
    const verification = await verifyToken(text, withKnownScopes, waitUntil);
    if (verification instanceof Denial) return verification;
    cache.set(text, verification.token, context.now());
    return { ...verification, tokenCache: "miss" };
  };
  return (authorization, _presented, waitUntil) => {
    const text = tokenOf(authorization);
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
