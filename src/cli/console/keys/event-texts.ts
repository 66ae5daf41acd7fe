import type { JsonObject } from "../../../json/json-object.ts";
import type { KeyEventLine, KvFailureCode } from "../../../keys/key-event-log.ts";
import { stringAt } from "../../json-members.ts";
import { counted } from "../../output.ts";
import { formatTime } from "./format-times.ts";
import { skipText } from "./skip-texts.ts";

type Change = KeyEventLine["change"];

/** What happened to keys, for people. A new change does not compile until it has a text. */
const EVENT_TEXTS: { readonly [C in Change]: (line: JsonObject, nowMs: number) => string } = {
  refreshed: (line, nowMs) => {
    const source = stringAt(line, "source") === "kv" ? "from KV" : "from the issuer";
    return `The gateway uses ${counted(Number(line["keys"]), "key")} ${source}, fetched at ${timeAt(line, "fetched_at", nowMs)}.`;
  },
  "key-skipped": (line) => {
    const { kid, why } = { kid: stringAt(line, "kid"), why: stringAt(line, "why") ?? "" };
    const key = kid === undefined ? "A key without kid" : `The key ${kid}`;
    return `${key} is skipped. ${skipText(why) || why}`;
  },
  "refresh-failed": (line) => {
    const cause = stringAt(line, "cause");
    return `${stringAt(line, "message") ?? "The issuer cannot be read."}${cause === undefined ? "" : ` ${cause}`}`;
  },
  "serving-stale": (line, nowMs) =>
    `The issuer cannot be read. The keys of ${timeAt(line, "fetched_at", nowMs)} are used until ${timeAt(line, "served_until", nowMs)}.`,
  recovered: () => "The keys are fresh again.",
  "key-may-be-new": () => "A token has a key that the issuer may not have published yet. Such tokens get 503.",
  "kv-failed": (line) => {
    const code = stringAt(line, "code") ?? "";
    return Object.hasOwn(KV_TEXTS, code) ? KV_TEXTS[code as KvFailureCode] : "KV failed.";
  },
};

const KV_TEXTS: { readonly [C in KvFailureCode]: string } = {
  "read-failed": "KV cannot be read, so the issuer is asked.",
  "read-timeout": "KV did not answer in time, so the issuer is asked.",
  "record-unreadable": "The record in KV is not valid, so the issuer is asked.",
  "write-failed": "KV cannot store the keys, so other isolates ask the issuer themselves.",
};

/**
 * A line of the log about keys as a sentence; empty for a change that this version does not know.
 *
 * @param nowMs epoch milliseconds
 */
export function eventText(line: JsonObject, nowMs: number): string {
  const change = stringAt(line, "change") ?? "";
  return Object.hasOwn(EVENT_TEXTS, change) ? EVENT_TEXTS[change as Change](line, nowMs) : "";
}

/** A time of a line (ISO 8601, UTC). */
function timeAt(line: JsonObject, member: string, nowMs: number): string {
  const atMs = Date.parse(stringAt(line, member) ?? "");
  return Number.isNaN(atMs) ? "a time that is not known" : formatTime(atMs, nowMs);
}
