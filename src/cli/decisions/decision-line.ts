import type { JsonObject } from "../../json/json-object.ts";
import { LOG_VERSION } from "../../telemetry/log.ts";

/** A decision line of the log, as far as tools read it. `docs/reference/log.md` says what the members mean. */
export interface DecisionLine {
  readonly event: "decision";
  /** Lines without `v` have none. */
  readonly time?: string;
  readonly request_id: string;
  readonly method: string;
  readonly route?: string;
  /** Lines without `v` have `deny` where later ones have `error`. Their `reason` tells the two apart. */
  readonly decision: "allow" | "deny" | "error" | "would-deny";
  readonly reason?: string;
  readonly status: number;
  readonly issuer?: string;
  readonly client_id?: string;
  readonly subject?: string;
  readonly tenant?: string;
  readonly audience?: readonly string[];
  readonly required?: readonly string[];
  readonly granted?: readonly string[];
  readonly upstream?: string;
  readonly path?: string;
  readonly mcp_method?: string;
  readonly mcp_name?: string;
  readonly sample_share?: number;
}

/** Why a line is not read as a decision, although it is a line of the gateway. */
export type Unreadable =
  /** It is about something else, such as keys. */
  | "otherEvent"
  /** The form of the line is newer than this command. */
  | "newerVersion"
  /** A member is missing or has another type. */
  | "malformed";

const TEXTS = [
  ...["route", "reason", "issuer", "client_id", "subject", "tenant", "upstream", "path"],
  ...["mcp_method", "mcp_name"],
] as const;
const LISTS = ["audience", "required", "granted"] as const;
const DECISIONS: ReadonlySet<unknown> = new Set<DecisionLine["decision"]>(["allow", "deny", "error", "would-deny"]);

/**
 * Reads one line of the log. Lines of all versions up to this one are read; the oldest ones have no `v`. Members that
 * are not in `DecisionLine` may have any value. Does not check whether the gateway can have written the values.
 */
export function readDecisionLine(line: JsonObject): DecisionLine | Unreadable {
  const { event, v: version } = line;
  if (event !== "decision") return "otherEvent";
  if (version !== undefined && (typeof version !== "number" || !(version >= 1))) return "malformed";
  if (version !== undefined && version > LOG_VERSION) return "newerVersion";
  return isDecisionLine(line) ? line : "malformed";
}

function isDecisionLine(line: JsonObject): line is JsonObject & DecisionLine {
  if (typeof line["method"] !== "string" || !DECISIONS.has(line["decision"])) return false;
  if (typeof line["status"] !== "number" || typeof line["request_id"] !== "string") return false;
  const { time, v: version } = line;
  if (time === undefined ? version !== undefined : typeof time !== "string" || Number.isNaN(Date.parse(time))) {
    return false;
  }
  for (const name of TEXTS) {
    const value = line[name];
    if (value !== undefined && typeof value !== "string") return false;
  }
  for (const name of LISTS) {
    const value = line[name];
    if (value !== undefined && !(Array.isArray(value) && value.every((item) => typeof item === "string"))) return false;
  }
  const share = line["sample_share"];
  return share === undefined || (typeof share === "number" && share > 0 && share <= 1);
}

/**
 * How many requests a line stands for. With `telemetry`, only a share of the lines is written. The first line of each
 * client and route is always written, and stands for itself.
 */
export function requestsOf({ sample_share: share }: DecisionLine): number {
  return share === undefined ? 1 : 1 / share;
}
