import type { Reason } from "../answer/denial.ts";
import type { KeySource } from "../keys/key-set.ts";
import type { TokenMembers } from "./token-members.ts";

/**
 * The line of the log that says how one request was decided. It never holds a token. Members that are `undefined` are
 * left out of the line.
 *
 * Callers choose some values: all of them are bounded, and none breaks a line or changes a terminal.
 */
export interface Decision extends TokenMembers {
  readonly event: "decision";
  /** When the request arrived (ISO 8601, UTC). */
  readonly time: string;
  readonly request_id: string;
  readonly method: string;
  /** The pattern that matched. The path is not logged, because it may hold personal data. */
  readonly route: string | undefined;
  /**
   * `error`: the gateway answered with a 5xx of its own. That is no decision about the caller. `would-deny`: the route
   * only reports, so the request went on. `reason` and `detail` say why the route would have refused it.
   */
  readonly decision: "allow" | "deny" | "would-deny" | "error";
  readonly reason: Reason | undefined;
  /** What exactly was wrong. Callers are not told. */
  readonly detail: string | undefined;
  /** The status of the answer to the caller. */
  readonly status: number;
  /** On an MCP route: the method of the message, as it was decided on. Not of a reply or a malformed message. */
  readonly mcp_method?: string | undefined;
  /**
   * On an MCP route: the names of the tools, prompts or resources that the message asks for, with a space between two.
   */
  readonly mcp_name?: string | undefined;
  readonly required: readonly string[] | undefined;
  readonly granted: readonly string[] | undefined;
  readonly upstream: string | undefined;
  readonly upstream_status: number | undefined;
  /**
   * Milliseconds from the arrival to the answer's headers. The clock of Workers stands still while code runs, so it
   * counts only waiting.
   */
  readonly duration_ms: number;
  /** How many of them passed from sending the request to the upstream until its headers, or its failure, were there. */
  readonly upstream_ms: number | undefined;
  /** The request was sent to the upstream twice, because the first connection failed. */
  readonly retried: true | undefined;
  /**
   * The answer named an address of the upstream that no path of the gateway leads to. Only its path and query were
   * sent.
   */
  readonly location_unmapped: true | undefined;
  readonly key_source: KeySource | undefined;
  readonly token_cache: "hit" | "miss" | undefined;
  /** Cloudflare's own id of the request, which its other logs have, too. */
  readonly cf_ray: string | undefined;
  /** The deployed version of the Worker. */
  readonly version: string | undefined;
  /** The path, without the query, where `telemetry` asks for it. */
  readonly path?: string | undefined;
  /** With `telemetry`: the share of such lines that is written. One line stands for `1 / sample_share` requests. */
  readonly sample_share?: number | undefined;
}
