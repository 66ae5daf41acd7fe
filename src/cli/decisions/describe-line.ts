import type { JsonObject } from "../../json/json-object.ts";

/**
 * What a `decision` or `shadow` line is about: the pattern that matched. An MCP message is told by method and name,
 * too.
 */
export function describeTarget(line: JsonObject): string {
  const { mcp_method, mcp_name } = line;
  const pattern = line["route"] ?? line["shadow_route"] ?? "(no route)";
  return [pattern, mcp_method, mcp_name].flatMap((it) => text(it) || []).join(" ");
}

/** How a request of a `decision` line ended: where it went, or why it was refused. Scopes have their short names. */
export function describeOutcome(line: JsonObject): string {
  const sent = `-> ${text(line["upstream"] ?? "gateway")}`;
  if (line["decision"] === "allow") return sent;
  return line["decision"] === "would-deny" ? `${sent}; would be refused: ${denial(line)}` : denial(line);
}

/** What the policy of a `shadow` line decided, and what the candidate policy would decide instead. */
export function describeDisagreement(line: JsonObject): string {
  const { decision, reason, upstream } = line;
  const then = verdict({
    decision: line["shadow_decision"],
    reason: line["shadow_reason"],
    upstream: line["shadow_upstream"],
  });
  return `${verdict({ decision, reason, upstream })}; the candidate: ${then}`;
}

/** The short names of scopes, separated by spaces. */
export function shortNames(scopes: unknown): string {
  if (!Array.isArray(scopes)) return "";
  return scopes.map((scope) => text(scope).replace(/^.*\//, "")).join(" ");
}

/** A value of a line as text; empty if it is absent. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : String(value ?? "");
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
