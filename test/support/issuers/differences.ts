import type { ShownToken } from "./shown-recipes.ts";

export const API = "https://api.example.com";
export const ENTRA = "https://login.microsoftonline.com";
export const OTHER_TENANT = "0f1e2d3c-4b5a-4697-8877-665544332211";
export const OTHER_TENANTS_KEY = "key-of-another-tenant";
export const OPAQUE = "ya29.a0AfB_byD4x5y6z7";

/** How a token differs from the one that the guide shows; a string is a whole token. */
export type Difference = Partial<ShownToken> | string;
export const claims = (changes: ShownToken["claims"]): Difference => ({ claims: changes });

/** An ID token: for a client, without the claims that an access token alone has. */
export const idToken = (client: string, changes: ShownToken["claims"] = {}): Difference =>
  claims({ aud: client, nonce: "n-0S6_WzA2Mj", client_id: undefined, scope: undefined, scp: undefined, ...changes });
