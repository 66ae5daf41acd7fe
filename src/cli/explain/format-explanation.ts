import { ASSUMED_ORIGIN, type Explanation, type StageOutcome } from "../../explain/explanation.ts";
import { askedMessageText } from "../../explain/message/asked-message.ts";
import { uncheckedConditions } from "../../explain/token-binding.ts";
import type { Fault } from "../../policy/fault.ts";
import type { Colours } from "../print/colours.ts";
import { type Detail, IN_TERMINAL, shortened } from "./details.ts";
import { reportLines } from "./report-lines.ts";
import { stageDetails } from "./stage-details.ts";

/**
 * An explanation as text for people: the six stages, how each ended, and how the request ends.
 *
 * @param placeOf the file, line and column of a place in the policy
 */
export function formatExplanation(
  explanation: Explanation,
  placeOf: (path: Fault["path"]) => string,
  colours: Colours,
): readonly string[] {
  const { caller, hints } = explanation;
  const lines = [colours.strong(askedText(explanation)), `asked by ${shortened(caller.description)}`, ""];
  for (const [index, { stage, outcome }] of explanation.stages.entries()) {
    const paint = PAINTS[outcome] === undefined ? colours.faint : colours[PAINTS[outcome]];
    const details = stageDetails(stage, explanation, placeOf, IN_TERMINAL);
    const [first = "", ...more] = details.flatMap((detail) => detailLines(detail, colours));
    lines.push(`${index + 1} ${stage.padEnd(14)}${paint(outcome.padEnd(13))}${first}`.trimEnd());
    for (const line of more) lines.push(`${" ".repeat(29)}${line}`);
  }
  const { verdict, more, tone } = endingOf(explanation);
  lines.push("", `${colours[tone](verdict)}${more === "" ? "" : ` ${more}`}`);
  lines.push(...reportLines(explanation));
  const shown = explanation.refusal ?? explanation.report?.refusal;
  for (const [name, value] of Object.entries(shown?.headers ?? {})) lines.push(`  ${name}: ${shortened(value)}`);
  for (const remark of caller.remarks) lines.push(`${colours.faint("Note:")} ${remark}`);
  for (const hint of hints) lines.push(`${colours.doubtful("Hint:")} ${hint}`);
  return lines;
}

const PAINTS: Partial<Readonly<Record<StageOutcome["outcome"], "good" | "bad" | "doubtful">>> = {
  passed: "good",
  refused: "bad",
  "would refuse": "doubtful",
};

/** What was asked: the method, the path or URL, and the MCP message. */
export function askedText({ request: { method, url, message } }: Explanation): string {
  const target = url.startsWith(ASSUMED_ORIGIN) ? url.slice(ASSUMED_ORIGIN.length) : url;
  return [method, target, ...(message ? [askedMessageText(message)] : [])].join(" ");
}

/** A detail and what is below it, a line for each. Parts of a requirement have a mark in a column in front of them. */
function detailLines(
  { text, met, isDoubtful, of = [] }: Detail,
  colours: Colours,
  indent = "",
  isPart = met !== undefined,
): readonly string[] {
  const mark = met === undefined ? " ".repeat(MARKS.missing.length) : markOf(met, colours);
  const line = `${isPart ? `${mark} ` : ""}${indent}${isDoubtful ? colours.doubtful(text) : text}`;
  return [line, ...of.flatMap((detail) => detailLines(detail, colours, `${indent}  `, isPart))];
}

const MARKS = { met: "met    ", missing: "missing" } as const;

function markOf(isMet: boolean, colours: Colours): string {
  return isMet ? colours.good(MARKS.met) : colours.bad(MARKS.missing);
}

/** How the request ends, for people. */
export function endingOf({ outcome, refusal, forwarded, caller }: Explanation): {
  readonly verdict: string;
  /** Empty: the verdict says it all. */
  readonly more: string;
  readonly tone: "good" | "bad" | "doubtful";
} {
  if (outcome === "answered") return { verdict: "Answered by the gateway itself.", more: "", tone: "good" };
  if (refusal) {
    return { verdict: `Refused: ${refusal.status} ${refusal.reason}.`, more: refusal.answer, tone: "bad" };
  }
  const forwards = `Forwarded to ${forwarded?.upstream ?? "an upstream"}`;
  const unchecked = uncheckedConditions(caller);
  return unchecked === ""
    ? { verdict: `${forwards}.`, more: "", tone: "good" }
    : { verdict: `${forwards}, if ${unchecked}.`, more: "", tone: "doubtful" };
}
