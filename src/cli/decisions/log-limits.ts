/** The limits of what reads logs, with their units in their names. All others are in `limits.ts`. */

/**
 * Longest JSON document of a log, in characters. Cloudflare keeps 256 KB of what one request logs, and an answer of its
 * API has 2,000 events at most.
 */
export const MAX_LOG_DOCUMENT_LENGTH = 16 * 1024 * 1024;
/**
 * Most patterns, tokens and answers that a replay of a log remembers. Then it begins anew: a log may have millions of
 * clients.
 */
export const MAX_REMEMBERED_PLACES = 10_000;
export const MAX_REMEMBERED_HOLDINGS = 10_000;
export const MAX_REMEMBERED_VERDICTS = 200_000;
/** Most groups of changed requests that a replay lists. More are counted. */
export const MAX_REPLAY_GROUPS = 100_000;
/**
 * Most different calls of clients that the advice counts, some 200 bytes each. If there are more, it writes nothing.
 */
export const MAX_OBSERVED_CALLS = 1_000_000;
