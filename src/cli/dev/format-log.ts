import type { WorkerLog } from "../../local/miniflare.ts";
import { isObject, type JsonObject } from "../json-members.ts";

/**
 * Lines for people of what a local Worker logged: the gateway's decisions in columns, with scopes by their short
 * names, in one line, and where the candidate policy disagrees; anything else as it is.
 */
export function formatLog({ worker, level, message }: WorkerLog): readonly string[] {
  const [first] = message;
  if (isObject(first) && first["event"] === "decision") return [formatDecision(first)];
  if (isObject(first) && first["event"] === "shadow") return [formatShadow(first)];
  const text = message.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" ");
  return `${worker} ${level}: ${text}`.split("\n");
}

function formatDecision(line: JsonObject): string {
  const target = line["route"] ?? "(no route)";
  const columns = [
    text(line["decision"]).padEnd(5),
    text(line["status"]).padEnd(3),
    text(line["method"]).padEnd(7),
    text(target).padEnd(20),
    text(line["client_id"] ?? "-").padEnd(10),
    line["decision"] === "allow" ? `-> ${text(line["upstream"] ?? "gateway")}` : denial(line),
  ];
  return columns.join(" ");
}

/** The request as in the line of its decision, and what the candidate policy would decide instead. */
function formatShadow(line: JsonObject): string {
  const { decision, reason, upstream, method, client_id } = line;
  const now = verdict({ decision, reason, upstream });
  const then = verdict({
    decision: line["shadow_decision"],
    reason: line["shadow_reason"],
    upstream: line["shadow_upstream"],
  });
  const target = text(line["route"] ?? line["shadow_route"] ?? "(no route)").padEnd(20);
  return `shadow    ${text(method).padEnd(7)} ${target} ${text(client_id ?? "-").padEnd(10)} ${now}; the candidate: ${then}`;
}

function verdict({ decision, reason, upstream }: JsonObject): string {
  if (decision === "unknown") return "not known";
  return decision === "allow" ? `allow -> ${text(upstream ?? "gateway")}` : `${text(decision)} ${text(reason)}`;
}

function denial(line: JsonObject): string {
  const why = whyDenied(line);
  return `${text(line["reason"])}${why === undefined ? "" : ` (${why})`}`;
}

/** What helps most with a refusal, or with a failure. */
function whyDenied(line: JsonObject): string | undefined {
  if (line["reason"] === "scope-insufficient") {
    return `needs ${shortNames(line["required"])}; has ${shortNames(line["granted"]) || "none"}`;
  }
  if (typeof line["expired_seconds"] === "number") return `${line["expired_seconds"]} s ago`;
  if (line["reason"] === "issuer-unknown") return `iss ${text(line["unverified_iss"])}`;
  return line["decision"] === "error" && line["detail"] !== undefined ? text(line["detail"]) : undefined;
}

/** The short names of scopes, separated by spaces. */
export function shortNames(scopes: unknown): string {
  if (!Array.isArray(scopes)) return "";
  return scopes.map((scope) => text(scope).replace(/^.*\//, "")).join(" ");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : String(value ?? "");
}
