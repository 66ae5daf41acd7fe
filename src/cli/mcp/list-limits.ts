/** Largest answer of an MCP server that is read, in bytes. */
export const MAX_LIST_ANSWER_BYTES = 4 * 1024 * 1024;
/** How long a server may take for one answer. */
export const LIST_ANSWER_TIMEOUT_MS = 15_000;
/** Most pages of a list: a server that always names a next page has no end. */
export const MAX_LIST_PAGES = 1_000;
/** Most tools of a list. */
export const MAX_LISTED_TOOLS = 10_000;
/** Largest file with a list, in bytes. */
export const MAX_LIST_FILE_BYTES = 16 * 1024 * 1024;
