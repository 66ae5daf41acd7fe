/** What the local network answers instead of the internet. The stack derives it from the policy. Plain JSON. */
export interface RoutingTable {
  /** The exact addresses of key sets that the local issuer answers. */
  readonly keySets: readonly string[];
  readonly upstreams: readonly LocalRoute[];
}

/** An upstream of the policy that the local network may have to answer for. */
export interface LocalRoute {
  /** Its name in the policy. */
  readonly name: string;
  /** Its URL, or the name of its service binding. */
  readonly address: string;
  /** The origin of requests to it; `undefined`: requests come through its service binding. */
  readonly origin?: string | undefined;
  readonly binding?: string | undefined;
  /** The binding that requests to its URL go through; `undefined`: none. */
  readonly via?: string | undefined;
  /** The headers with secrets that what answers in its place insists on. */
  readonly secrets: readonly { readonly header: string; readonly value: string }[];
  /** The name of the service binding to what answers in its place; `echo`: this Worker itself. */
  readonly standIn: string;
}
