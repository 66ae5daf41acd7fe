import { isObject, type JsonObject } from "../../json/json-object.ts";
import { objectAt } from "../json-members.ts";
import { jsonValue } from "./json-value.ts";

/**
 * The lines of the gateway in one JSON document: a line itself, a document of `wrangler tail --format json` or of
 * Logpush (`workers_trace_events`), an event of Workers Logs, an answer of its API, or a list of any of them.
 *
 * Only the places where these documents keep what a Worker wrote are looked at. Their other members, such as the
 * headers of the request, hold what callers sent: a caller could write a line there.
 */
export function findLines(document: unknown): readonly JsonObject[] {
  if (Array.isArray(document)) return document.flatMap((item) => linesOf(item));
  return linesOf(document);
}

function linesOf(document: unknown): readonly JsonObject[] {
  if (!isObject(document)) return [];
  if (typeof document["event"] === "string") return [document];
  const { logs, Logs, source, result } = document;
  if (Array.isArray(logs)) return logs.flatMap((log) => messagesOf(log, "message"));
  if (Array.isArray(Logs)) return Logs.flatMap((log) => messagesOf(log, "Message"));
  if (source !== undefined) return written(source);
  const events = isObject(result) ? objectAt(result, "events")["events"] : undefined;
  return Array.isArray(events) ? events.flatMap((event) => (isObject(event) ? written(event["source"]) : [])) : [];
}

/** What one call of `console` wrote: its arguments, or a single one. */
function messagesOf(log: unknown, member: string): readonly JsonObject[] {
  if (!isObject(log)) return [];
  const message = log[member];
  return Array.isArray(message) ? message.flatMap(written) : written(message);
}

/** A line as an object, or as the text of one. */
function written(value: unknown): readonly JsonObject[] {
  const line = typeof value === "string" && value.startsWith("{") ? jsonValue(value) : value;
  return isObject(line) && typeof line["event"] === "string" ? [line] : [];
}
