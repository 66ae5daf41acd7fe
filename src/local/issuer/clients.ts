/** An app client of the local issuer. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret: string;
  /** Full names of the scopes it may be granted, in the order of `routes.json`. */
  readonly scopes: readonly string[];
}

/**
 * The secret of a local client. Anyone can derive it from the identifier: it protects nothing and is easy to remember.
 */
export function localSecret(clientId: string): string {
  return `${clientId}-secret`;
}

/** The part of `routes.json` that the issuer reads. */
export interface ScopeSource {
  readonly resourceServers: Readonly<Record<string, { readonly scopes: Readonly<Record<string, unknown>> }>>;
  /** By name. */
  readonly clients: Readonly<Record<string, ClientSource>>;
}

/** A client of `routes.json`. */
export interface ClientSource {
  /** The client id in its tokens; default: its name. */
  readonly id?: string;
  readonly issuer?: string;
  readonly scopes: readonly string[];
}

/** The client id of the client with this name. A name that is not registered stands for itself. */
export function clientIdOf({ clients }: Pick<ScopeSource, "clients">, name: string): string {
  return (Object.hasOwn(clients, name) ? clients[name]?.id : undefined) ?? name;
}

/** The full names (`identifier/name`) of all declared scopes. */
export function declaredScopes({ resourceServers }: ScopeSource): string[] {
  return Object.entries(resourceServers).flatMap(([identifier, { scopes }]) =>
    Object.keys(scopes).map((name) => `${identifier}/${name}`),
  );
}

/**
 * The full name of a scope, given its full or short name. An undeclared name, or a short name that several resource
 * servers declare, is returned unchanged, and the issuer then refuses it.
 */
export function fullScopeName(source: ScopeSource, name: string): string {
  const declared = declaredScopes(source);
  if (declared.includes(name)) return name;
  const candidates = Object.entries(source.resourceServers).filter(([, { scopes }]) => Object.hasOwn(scopes, name));
  const [only] = candidates;
  return candidates.length === 1 && only ? `${only[0]}/${name}` : name;
}

/**
 * The clients of one issuer in `routes.json`, by client id.
 *
 * @param issuer name of the issuer; a client that names none is one of its clients
 */
export function registeredClients(source: ScopeSource, issuer?: string): ReadonlyMap<string, RegisteredClient> {
  const clients = Object.entries(source.clients).filter(([, client]) => (client.issuer ?? issuer) === issuer);
  return new Map(
    clients.map(([name, { scopes }]) => {
      const id = clientIdOf(source, name);
      return [id, { id, secret: localSecret(id), scopes: scopes.map((scope) => fullScopeName(source, scope)) }];
    }),
  );
}
