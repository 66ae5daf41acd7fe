/** A Worker to be served by plain workerd, in a process of its own. */
export interface ServedWorker {
  readonly name: string;
  /** Text of its one module. */
  readonly script: string;
  /** A string becomes a text binding, any other value a JSON binding. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Text of the Worker that stands in for Workers KV, if it is bound. */
  readonly keyValue?: string;
  /** Names of service bindings that lead to the network. */
  readonly networks?: readonly string[];
  /** Bindings made in the same isolate: the text of a module for each name, whose default export makes the binding. */
  readonly standIns?: Readonly<Record<string, string>>;
  /** Whether V8's inspector listens on loopback. */
  readonly hasInspector?: boolean;
  /** Flags of V8, such as `--max-semi-space-size=64`. */
  readonly v8Flags?: readonly string[];
  /**
   * Gets what it logs, in pieces. Without, that goes to `/dev/null`: lines are made and written, but nobody reads them.
   */
  readonly onOutput?: (text: string) => void;
}

/** What a wrangler file says of the runtime. */
export interface Compatibility {
  readonly date: string;
  readonly flags: readonly string[];
}
