import { isObject, type JsonObject } from "../../../json/json-object.ts";
import { clientTitle } from "../../../policy/analysis/clients/client-title.ts";
import { escapeControlCharacters } from "../../../policy/control-characters.ts";
import type { Policy } from "../../../policy/policy.ts";
import { readDecisionLine } from "../../decisions/decision-line.ts";
import { describeDisagreement, describeOutcome, describeTarget, text } from "../../decisions/describe-line.ts";
import { eventText } from "../keys/event-texts.ts";
import type { StackLine } from "../view/stack-view.ts";
import { clientName } from "./client-name.ts";
import type { FilteredLine, LineKind } from "./line-filter.ts";
import { type WhyLink, whyLink } from "./why-link.ts";

/**
 * One line of the log as a page shows it. All texts are bounded, and control characters in them are written as escapes.
 * They may still be markup.
 */
export interface LiveLine extends FilteredLine {
  /** As in `StackLine`. */
  readonly id: number;
  /** When the request arrived, or when an event was logged: ISO 8601, UTC. */
  readonly time: string;
  /** The status of the answer; empty: the line has none. */
  readonly status: string;
  /** Where the request went, or why not; what happened to an issuer's keys; the members of any other event. */
  readonly outcome: string;
  /** The same question under `Why?`; left out: the line does not say enough to ask it. */
  readonly why?: WhyLink;
}

/** Longer texts are cut. The gateway bounds its own, but not what an exception says. */
const MAX_TEXT_LENGTH = 2_048;

/** The lines that the gateway itself wrote, with the names that clients have in `policy`. */
export function liveLines(lines: readonly StackLine[], policy: Policy | undefined): readonly LiveLine[] {
  return lines.filter(({ log }) => log.worker === "gateway").map((line) => liveLine(line, policy));
}

function liveLine({ id, atMs, log }: StackLine, policy: Policy | undefined): LiveLine {
  const [first] = log.message;
  const line = isObject(first) ? first : undefined;
  const decision = line && readDecisionLine(line);
  if (line && typeof decision === "object") {
    const why = whyLink(decision, policy);
    return {
      ...requestLine(line, decision.decision, policy),
      id,
      time: decision.time ?? isoTime(atMs),
      outcome: printable(describeOutcome(line)),
      ...(why && { why }),
    };
  }
  if (line?.["event"] === "shadow") {
    return {
      ...requestLine(line, "shadow", policy),
      id,
      time: isoTime(atMs),
      outcome: printable(describeDisagreement(line)),
    };
  }
  const event = { id, kind: "event", time: isoTime(atMs), status: "", client: "" } as const;
  if (line === undefined) {
    return { ...event, target: log.level, reason: "", outcome: printable(log.message.map(textOf).join(" ")) };
  }
  const reason = printable(text(line["code"] ?? line["why"]));
  const outcome = keyEventText(line, atMs) ?? membersOf(line);
  return { ...event, target: printable(eventName(line)), reason, outcome: printable(outcome) };
}

/** What happened to the keys of an issuer, as a sentence. `undefined`: the line is about something else. */
function keyEventText(line: JsonObject, atMs: number): string | undefined {
  const sentence = line["event"] === "keys" ? eventText(line, atMs) : "";
  return sentence === "" ? undefined : `${text(line["issuer"])}: ${sentence}`;
}

function requestLine(line: JsonObject, kind: LineKind, policy: Policy | undefined) {
  return {
    kind,
    target: printable(`${text(line["method"])} ${describeTarget(line)}`),
    status: printable(text(line["status"])),
    client: printable(clientOf(line, policy)),
    reason: printable(text(line["reason"] ?? line["shadow_reason"])),
  };
}

/** The client's key in the policy with its name for people, and its id if that is another text. */
function clientOf({ client_id: id, issuer: iss }: JsonObject, policy: Policy | undefined): string {
  if (typeof id !== "string") return "";
  const key = typeof iss === "string" && policy ? clientName(policy, iss, id) : undefined;
  if (key === undefined || policy === undefined) return id;
  return `${key}${clientTitle(key, policy)}${key === id ? "" : `, ${id}`}`;
}

/** What an event says that it is: `keys refreshed`, `body-cut-off`. */
function eventName(line: JsonObject): string {
  return [line["event"] ?? "line", line["change"]].flatMap((it) => text(it) || []).join(" ");
}

/** Members that `eventName` has, that are the same in every line, or that are too long for a line. */
const LEFT_OUT = new Set(["event", "change", "v", "stack"]);

function membersOf(line: JsonObject): string {
  const members = Object.entries(line).filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined);
  return members.map(([name, value]) => `${name}=${textOf(value)}`).join("  ");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function printable(value: string): string {
  const cut = value.length > MAX_TEXT_LENGTH ? `${value.slice(0, MAX_TEXT_LENGTH)}...` : value;
  return escapeControlCharacters(cut);
}
