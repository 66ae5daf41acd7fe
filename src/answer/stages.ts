/** The six stages of a request, in order. `gateway.ts` shows them. */
export const STAGES = ["canonicalize", "match", "authenticate", "authorize", "prepare", "forward"] as const;
export type Stage = (typeof STAGES)[number];
