/** The bindings of `wrangler.toml`. Service bindings of upstreams are read by the name that `routes.json` gives. */
export interface Env {
  readonly JWKS: KVNamespace;
  readonly VERSION?: WorkerVersionMetadata;
  readonly [name: string]: unknown;
}
