/** An app client as the issuer knows it. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret: string;
  /** Full names of the scopes it may be granted, in the order of `routes.json`. */
  readonly scopes: readonly string[];
}

/** The secret of every local client follows from its identifier: it protects nothing and is to be remembered. */
export function localSecret(clientId: string): string {
  return `${clientId}-secret`;
}

/** What of `routes.json` the issuer reads. */
export interface ScopeSource {
  readonly resourceServers: Readonly<Record<string, { readonly scopes: Readonly<Record<string, unknown>> }>>;
  readonly clients: Readonly<Record<string, { readonly scopes: readonly string[] }>>;
}

/** Full names (`identifier/name`) of all the scopes that are declared. */
export function declaredScopes({ resourceServers }: ScopeSource): string[] {
  return Object.entries(resourceServers).flatMap(([identifier, { scopes }]) =>
    Object.keys(scopes).map((name) => `${identifier}/${name}`),
  );
}

/**
 * The full name of a scope given by its full or its short name. A name that is not declared, or a short one that
 * several resource servers declare, is given back as it is: the issuer then refuses it.
 */
export function fullScopeName(source: ScopeSource, name: string): string {
  const declared = declaredScopes(source);
  if (declared.includes(name)) return name;
  const candidates = Object.entries(source.resourceServers).filter(([, { scopes }]) => Object.hasOwn(scopes, name));
  const [only] = candidates;
  return candidates.length === 1 && only ? `${only[0]}/${name}` : name;
}

export function registeredClients(source: ScopeSource): ReadonlyMap<string, RegisteredClient> {
  return new Map(
    Object.entries(source.clients).map(([id, { scopes }]) => [
      id,
      { id, secret: localSecret(id), scopes: scopes.map((name) => fullScopeName(source, name)) },
    ]),
  );
}
