/** The matrix as the script of the page reads it: one JSON block, in which rows share what many of them have. */
export interface MatrixData {
  /** "anyone", then the clients, then the values that grant scopes. */
  readonly columns: readonly MatrixColumn[];
  readonly accesses: readonly MatrixAccess[];
  /** Names of the upstreams. */
  readonly upstreams: readonly string[];
  /** What the paths of a group begin with. */
  readonly groups: readonly string[];
  /** Group by group, and in the order of the file within a group. */
  readonly rows: readonly MatrixRow[];
}

/** One caller. */
export interface MatrixColumn {
  /** What tells the caller from all others in the page's address, such as `client web`. */
  readonly key: string;
  /** The head of the column: what people call the client, or its key if they have no name for it. */
  readonly name: string;
  /** The key of the client and its name; left out: they are the same. */
  readonly title?: string;
  /** What the address of a reason says of the caller; left out: nothing, as for a caller without a token. */
  readonly query?: string;
}

/** Who meets a requirement. Thousands of rows may share one. */
export interface MatrixAccess {
  /** For people. */
  readonly requirement: string;
  /** One letter of `MarkLetter` for each column. */
  readonly marks: string;
  /** What the address of a reason says of the client, by the index of the column of a value that grants scopes. */
  readonly clientQueries?: Readonly<Record<number, string>>;
}

/** One route, or one entry of an MCP route. */
export interface MatrixRow {
  /** Its methods, with a space between them. */
  readonly methods: string;
  /** The path, and the MCP message if it has one. */
  readonly path: string;
  /** The hosts that the route names, with a comma between them; left out: it names none. */
  readonly hosts?: string;
  /** The index of its `MatrixAccess`. */
  readonly access: number;
  /** The index of its upstream. */
  readonly upstream: number;
  /** The index of its group. */
  readonly group: number;
  /** What the address of a reason says of the request; left out: no address leads to one. */
  readonly query?: string;
}

/** `y`: yes, `i`: if conditions are met, `n`: no, `u`: no, but not enforced, `r`: the route only reports. */
export type MarkLetter = "y" | "i" | "n" | "u" | "r";
