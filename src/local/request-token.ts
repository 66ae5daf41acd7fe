/** A token request by client credentials. */
export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Full names; without any, the issuer grants its default. */
  readonly scopes?: readonly string[];
}

/** The issuer answered without a token. */
export class TokenRefusedError extends Error {
  /** The error code of RFC 6749 5.2, or `no OAuth answer` if there is none. */
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string) {
    super(`The issuer refused with ${status}: ${code}.`);
    this.status = status;
    this.code = code;
  }
}

const TIMEOUT_MS = 10_000;

/**
 * Requests an access token by client credentials (RFC 6749 4.4); the client authenticates by HTTP Basic. Rejects with
 * `TokenRefusedError` if the issuer refuses, and with the error of `fetch` if it does not answer within 10 seconds.
 */
export async function requestToken({ tokenUrl, clientId, clientSecret, scopes }: TokenRequest): Promise<string> {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scopes && scopes.length > 0) form.set("scope", scopes.join(" "));
  const response = await fetch(tokenUrl, {
    method: "POST",
    body: form,
    headers: { authorization: basicCredentials(clientId, clientSecret) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  const token = member(answer, "access_token");
  if (response.ok && token !== undefined) return token;
  throw new TokenRefusedError(response.status, member(answer, "error") ?? "no OAuth answer");
}

/** Identifier and secret are form-encoded before they are joined (RFC 6749 2.3.1). */
function basicCredentials(clientId: string, clientSecret: string): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll("%20", "+");
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString("base64")}`;
}

function member(answer: unknown, name: string): string | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const value: unknown = Reflect.get(answer, name);
  return typeof value === "string" ? value : undefined;
}
