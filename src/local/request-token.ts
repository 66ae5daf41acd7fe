export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Full names; none: whatever the issuer grants by default. */
  readonly scopes?: readonly string[];
}

/** The issuer answered, but not with a token. */
export class TokenRefusedError extends Error {
  /** Code of RFC 6749 5.2, or the HTTP status when there is none. */
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
 * An access token by client credentials (RFC 6749 4.4), the client authenticated by HTTP Basic. Rejects with
 * `TokenRefusedError`, and with the error of `fetch` when the issuer cannot be reached.
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

/** RFC 6749 2.3.1: identifier and secret are form-encoded before they are joined. */
function basicCredentials(clientId: string, clientSecret: string): string {
  const encode = (text: string) => encodeURIComponent(text).replaceAll("%20", "+");
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString("base64")}`;
}

function member(answer: unknown, name: string): string | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const value: unknown = Reflect.get(answer, name);
  return typeof value === "string" ? value : undefined;
}
