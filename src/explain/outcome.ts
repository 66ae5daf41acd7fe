/**
 * How a request ends. `answered`: the gateway itself answers, by one of its own endpoints or, if it is a preflight, by the
 * policy's `cors`.
 */
export type Outcome = "forwarded" | "refused" | "answered";
