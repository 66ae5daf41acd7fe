import { askedScope, findClient, type KnownClient } from "./clients.ts";
import type { IssuerSettings } from "./issuer-settings.ts";

/** What an authenticated client is granted. */
export interface Grant {
  readonly clientId: string;
  /** Full names. */
  readonly scopes: readonly string[];
}

/** An error of RFC 6749 5.2. Like Cognito, the issuer answers with the code alone, without a description. */
export class TokenError {
  readonly error: "invalid_request" | "invalid_client" | "invalid_scope" | "unsupported_grant_type";
  /** True if the client used the `Authorization` header: the answer is then a 401 with a challenge. */
  readonly challenge: boolean;

  constructor(error: TokenError["error"], challenge = false) {
    this.error = error;
    this.challenge = challenge;
  }
}

/** What the decision needs of an issuer. */
type ClientSource = Pick<IssuerSettings, "clients" | "acceptsAnyClient" | "scopeNames">;

/**
 * Decides a token request by client credentials (RFC 6749 4.4). The client authenticates by HTTP Basic, or by
 * `client_id` and `client_secret` in the form (2.3.1). Without `scope`, it gets all of its scopes, as at Cognito.
 */
export function decideTokenRequest(
  form: URLSearchParams,
  authorization: string | undefined,
  issuer: ClientSource,
): Grant | TokenError {
  // RFC 6749 3.2: a parameter must not be repeated.
  if (new Set(form.keys()).size !== form.size) return new TokenError("invalid_request");
  const grantType = form.get("grant_type");
  if (!grantType) return new TokenError("invalid_request");
  if (grantType !== "client_credentials") return new TokenError("unsupported_grant_type");

  const asked = (form.get("scope") ?? "")
    .split(" ")
    .filter((name) => name !== "")
    .map((name) => askedScope(issuer, name));
  const client = authenticate(form, authorization, (id) => findClient(issuer, id, asked.length > 0));
  if (client instanceof TokenError) return client;
  if (asked.length === 0) return { clientId: client.id, scopes: client.defaultScopes };
  if (!asked.every((name) => client.scopes.includes(name))) return new TokenError("invalid_scope");
  return { clientId: client.id, scopes: [...new Set(asked)] };
}

function authenticate(
  form: URLSearchParams,
  authorization: string | undefined,
  find: (id: string) => KnownClient | undefined,
): KnownClient | TokenError {
  const basic = authorization === undefined ? undefined : parseBasic(authorization);
  const [id, secret] = basic ?? [form.get("client_id"), form.get("client_secret")];
  const challenge = authorization !== undefined;
  // RFC 6749 2.3: a client uses one method only. Like Cognito, accept a `client_id` beside the header if it is the
  // same.
  if (challenge && form.has("client_secret")) return new TokenError("invalid_request");
  if (challenge && (!basic || (form.get("client_id") ?? id) !== id)) return new TokenError("invalid_client", true);
  const client = find(id ?? "");
  return client && client.secret === secret ? client : new TokenError("invalid_client", challenge);
}

/** Identifier and secret. Each is form-encoded, and the pair is base64-encoded (RFC 6749 2.3.1). */
function parseBasic(authorization: string): readonly [string, string] | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  try {
    const pair = /^([^:]*):(.*)$/s.exec(atob(encoded));
    return pair ? [formDecode(pair[1] ?? ""), formDecode(pair[2] ?? "")] : undefined;
  } catch {
    return undefined;
  }
}

function formDecode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
