/**
 * The MCP messages that at least one of these lists covers. Each name is exact, or ends in `*` and covers all names
 * that begin with what stands before it.
 */
export interface MessageSelection {
  /** Calls of tools, by the tool's name. */
  readonly tools: readonly string[];
  /** Requests for resources, by URI: to read, to subscribe, to unsubscribe, to listen, to complete. */
  readonly resources: readonly string[];
  /** Requests for prompts, by the prompt's name: to get, to complete. */
  readonly prompts: readonly string[];
  /** Messages with these methods, by any name. */
  readonly methods: readonly string[];
}

/** The lists of a selection, in the order of the documentation. */
export const SELECTED_LISTS = [
  "tools",
  "resources",
  "prompts",
  "methods",
] as const satisfies readonly (keyof MessageSelection)[];
