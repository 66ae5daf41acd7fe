/**
 * A caller's headers, with their names read once: every look at a `Headers` is a call into the runtime, and most of what
 * the gateway looks for is not there.
 */
export class ReceivedHeaders {
  readonly fields: Headers;
  /** In lower case. */
  readonly names: ReadonlySet<string>;

  constructor(fields: Headers) {
    this.fields = fields;
    this.names = new Set(fields.keys());
  }

  /** The value, several of them joined by commas, or `null`; by the name in lower case. */
  get(name: string): string | null {
    return this.names.has(name) ? this.fields.get(name) : null;
  }
}

/** What can be asked of a request without its body. */
export interface HeadOfRequest {
  readonly method: string;
  readonly headers: Pick<Headers, "get">;
}
