import { isObject, type JsonObject } from "../../json/json-object.ts";
import type { WorkerLog } from "../../local/worker-logs.ts";
import { describeDisagreement, describeOutcome, describeTarget, text } from "../decisions/describe-line.ts";

/**
 * Lines for people of what a local Worker logged. Each decision of the gateway is one line in columns, with scopes by
 * their short names. So is each request on which the candidate policy disagrees. Anything else is shown as it is.
 */
export function formatLog(log: WorkerLog): readonly string[] {
  const [first] = log.message;
  if (isObject(first) && first["event"] === "decision") {
    return [formatRow(first, first["decision"], first["status"], describeOutcome(first))];
  }
  if (isObject(first) && first["event"] === "shadow") {
    return [formatRow(first, "shadow", undefined, describeDisagreement(first))];
  }
  return `${log.worker} ${log.level}: ${messageText(log)}`.split("\n");
}

function messageText({ message }: WorkerLog): string {
  return message.map((part) => (typeof part === "string" ? part : JSON.stringify(part))).join(" ");
}

/** One line in columns that are as wide as most values, so that lines of several kinds stand below each other. */
function formatRow(line: JsonObject, kind: unknown, status: unknown, outcome: string): string {
  return [
    text(kind).padEnd("would-deny".length),
    text(status).padEnd(3),
    text(line["method"]).padEnd(7),
    describeTarget(line).padEnd(20),
    text(line["client_id"] ?? "-").padEnd(10),
    outcome,
  ].join(" ");
}
