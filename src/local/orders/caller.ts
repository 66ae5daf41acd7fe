import type { D1Database } from "@cloudflare/workers-types/index.ts";

/** For whom a message is answered, and from which orders. */
export interface Caller {
  readonly db: D1Database;
  /** The caller that the gateway named. */
  readonly subject: string;
}
