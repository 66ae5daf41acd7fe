/** Limits of messages, with their units in their names. Only Workers with MCP routes have them. */

/** Most levels of objects and arrays in a message of MCP. Schemas of tools have some 20. */
export const MAX_MESSAGE_NESTING = 64;
/**
 * How long the body of a message may take. The default `maxBodyBytes` needs 70 kbit/s then, the largest one 1.1 Mbit/s.
 * An isolate has 128 MB for all its requests, so callers who send slowly must not keep theirs for longer.
 */
export const MESSAGE_BODY_TIMEOUT_MS = 30_000;
/**
 * Longest method of a message, and longest name of a tool, resource or prompt, in UTF-16 code units: each is a header.
 */
export const MAX_MESSAGE_METHOD_LENGTH = 256;
export const MAX_MESSAGE_NAME_LENGTH = 4 * 1024;
/**
 * Longest list of tools, prompts or resources that is filtered, in bytes of its answer. A longer one passes as it is.
 */
export const MAX_FILTERED_LIST_BYTES = 1024 * 1024;
/** Longest name of a message in a log line, in characters. */
export const MAX_LOGGED_MESSAGE_NAME_LENGTH = 512;
