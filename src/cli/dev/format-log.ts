import type { WorkerLog } from "../../local/miniflare.ts";
import { isObject, type JsonObject } from "../json-members.ts";

/**
 * Lines for people of what a local Worker logged. Each decision of the gateway is one line in columns, with scopes by
 * their short names. So is each request on which the candidate policy disagrees. Anything else is shown as it is.
 */
export function formatLog({ worker, level, message }: WorkerLog): readonly string[] {
  const [first] = message;
  if (isObject(first) && first["event"] === "decision") return [formatDecision(first)];
  if (isObject(first) && first["event"] === "shadow") return [formatShadow(first)];
  const text = message.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" ");
  return `${worker} ${level}: ${text}`.split("\n");
}

function formatDecision(line: JsonObject): string {
  return formatRow(line, line["decision"], line["status"], target(line, line["route"]), outcome(line));
}

/** The request as in the line of its decision, and what the candidate policy would decide instead. */
function formatShadow(line: JsonObject): string {
  const { decision, reason, upstream } = line;
  const now = verdict({ decision, reason, upstream });
  const then = verdict({
    decision: line["shadow_decision"],
    reason: line["shadow_reason"],
    upstream: line["shadow_upstream"],
  });
  const pattern = line["route"] ?? line["shadow_route"];
  return formatRow(line, "shadow", undefined, target(line, pattern), `${now}; the candidate: ${then}`);
}

/** One line in columns that are as wide as most values, so that lines of several kinds stand below each other. */
function formatRow(line: JsonObject, kind: unknown, status: unknown, target: string, outcome: string): string {
  return [
    text(kind).padEnd("would-deny".length),
    text(status).padEnd(3),
    text(line["method"]).padEnd(7),
    target.padEnd(20),
    text(line["client_id"] ?? "-").padEnd(10),
    outcome,
  ].join(" ");
}

/** The pattern that matched. An MCP message is told by its method and its name, too. */
function target(line: JsonObject, pattern: unknown): string {
  const { mcp_method, mcp_name } = line;
  return [pattern ?? "(no route)", mcp_method, mcp_name].flatMap((it) => text(it) || []).join(" ");
}

function outcome(line: JsonObject): string {
  const sent = `-> ${text(line["upstream"] ?? "gateway")}`;
  if (line["decision"] === "allow") return sent;
  return line["decision"] === "would-deny" ? `${sent}; would be refused: ${denial(line)}` : denial(line);
}

function verdict({ decision, reason, upstream }: JsonObject): string {
  if (decision === "unknown") return "not known";
  return decision === "allow" ? `allow -> ${text(upstream ?? "gateway")}` : `${text(decision)} ${text(reason)}`;
}

function denial(line: JsonObject): string {
  const why = whyDenied(line);
  return `${text(line["reason"])}${why === undefined ? "" : ` (${why})`}`;
}

/** What helps most with a refusal, or with a failure. The name of a rate limit is in `detail`. */
function whyDenied(line: JsonObject): string | undefined {
  if (line["reason"] === "scope-insufficient") {
    return `needs ${shortNames(line["required"])}; has ${shortNames(line["granted"]) || "none"}`;
  }
  if (typeof line["expired_seconds"] === "number") return `${line["expired_seconds"]} s ago`;
  if (line["reason"] === "issuer-unknown") return `iss ${text(line["unverified_iss"])}`;
  return line["detail"] === undefined ? undefined : text(line["detail"]);
}

/** The short names of scopes, separated by spaces. */
export function shortNames(scopes: unknown): string {
  if (!Array.isArray(scopes)) return "";
  return scopes.map((scope) => text(scope).replace(/^.*\//, "")).join(" ");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : String(value ?? "");
}
