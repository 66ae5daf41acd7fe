/**
 * A caller's headers, with their names read at most once: every look at a `Headers` is a call into the runtime, and most
 * of what the gateway looks for is not there. A refused request is spared the names.
 */
export class ReceivedHeaders {
  readonly fields: Headers;
  #names: ReadonlySet<string> | undefined;

  constructor(fields: Headers) {
    this.fields = fields;
  }

  /** In lower case. */
  get names(): ReadonlySet<string> {
    this.#names ??= new Set(this.fields.keys());
    return this.#names;
  }

  /** The value, several of them joined by commas, or `null`; by the name in lower case. */
  get(name: string): string | null {
    return this.#names?.has(name) === false ? null : this.fields.get(name);
  }
}

/** What can be asked of a request without its body. */
export interface HeadOfRequest {
  readonly method: string;
  readonly headers: Pick<Headers, "get">;
}
