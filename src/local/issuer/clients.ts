import type { IssuerSettings } from "./issuer-settings.ts";

/** A client that has asked the local issuer for a token. */
export interface KnownClient {
  readonly id: string;
  readonly secret: string;
  /** Full names of the scopes it may be granted. */
  readonly scopes: readonly string[];
  /** Full names of the scopes it is granted if it asks for none. */
  readonly defaultScopes: readonly string[];
}

/**
 * The secret of a local client. Anyone can derive it from the identifier: it protects nothing and is easy to remember.
 */
export function localSecret(clientId: string): string {
  return `${clientId}-secret`;
}

/**
 * Finds a client of an issuer. Registered clients may be granted the scopes of their registration. Where the gateway
 * accepts other clients, any client id counts and may be granted every declared scope. Such a client has to name its
 * scopes if the issuer has registered clients: this keeps a mistyped name from passing for a client.
 *
 * @param asksForScopes whether the token request names scopes
 */
export function findClient(
  { clients, acceptsAnyClient, scopeNames }: Pick<IssuerSettings, "clients" | "acceptsAnyClient" | "scopeNames">,
  id: string,
  asksForScopes: boolean,
): KnownClient | undefined {
  const secret = localSecret(id);
  const registered = clients.find((client) => client.id === id);
  if (registered) return { id, secret, scopes: registered.scopes, defaultScopes: registered.scopes };
  if (id === "" || !acceptsAnyClient || (clients.length > 0 && !asksForScopes)) return undefined;
  return { id, secret, scopes: Object.keys(scopeNames), defaultScopes: [] };
}

/**
 * The full name of a scope that a token request names. An issuer whose tokens have short names takes those as well. A
 * name that is not declared is returned unchanged: no client may be granted it.
 */
export function askedScope({ scopeNames }: Pick<IssuerSettings, "scopeNames">, name: string): string {
  if (Object.hasOwn(scopeNames, name)) return name;
  return Object.entries(scopeNames).find(([, inTokens]) => inTokens === name)?.[0] ?? name;
}
