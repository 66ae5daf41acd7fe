import * as v from "valibot";
import type { Fault, Report } from "../../../fault.ts";
import { closest } from "../../../suggestion.ts";

type Issue = v.BaseIssue<unknown>;

/**
 * Compares a value with the schema of its file and reports every fault. Recursive, as valibot is: the caller bounds how
 * deep the value is nested.
 */
export function reportShapeFaults(schema: v.GenericSchema, value: unknown, report: Report): void {
  for (const issue of v.safeParse(schema, value).issues ?? []) reportIssue(issue, [], report);
}

function reportIssue(issue: Issue, above: Fault["path"], report: Report): void {
  const path = [...above, ...steps(issue)];
  // The author of a union meant the branch whose faults lie inside it: its own type fits.
  const meant = issue.type === "union" ? issue.issues?.filter((inner) => steps(inner).length > 0) : undefined;
  if (meant && meant.length > 0) {
    for (const inner of meant) reportIssue(inner, path, report);
    return;
  }
  const { message, hint } = describe(issue);
  report(path, message, hint);
}

function steps(issue: Issue): Fault["path"] {
  return (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
}

function describe(issue: Issue): { message: string; hint: string } {
  switch (issue.type) {
    case "never":
      return unknownMember(issue);
    case "non_empty":
      // Never "leave it out": of many members, such as `methods`, that would be the next fault.
      return {
        message: "This is empty.",
        hint: Array.isArray(issue.input) ? "List at least one." : "Write at least one character.",
      };
    case "integer":
      return { message: "This is not a whole number.", hint: "Write it without a fraction." };
    case "min_value":
      return { message: `${issue.received} is too small.`, hint: `The minimum is ${issue.requirement}.` };
    case "max_value":
      return { message: `${issue.received} is too large.`, hint: `The maximum is ${issue.requirement}.` };
    case "max_length":
      return { message: "This is too long.", hint: `The maximum is ${issue.requirement} characters.` };
    case "entries":
      return {
        message: "This needs exactly one of `anyOf` and `allOf`.",
        hint: "To use both, nest one in the other.",
      };
    case "regex":
      return {
        message: "This is empty or contains characters other than printable ASCII.",
        hint: "It is sent in a header: use printable ASCII only.",
      };
    default:
      return isMissing(issue)
        ? { message: `\`${steps(issue).at(-1)}\` is missing.`, hint: "Add it: it has no default." }
        : {
            message: `Found ${name(issue.received)}.`,
            hint: nearOption(issue) ?? `Write ${options(issue).map(name).join(" or ")}.`,
          };
  }
}

/** The types or values that would fit, by valibot's names. */
function options({ expected }: Issue): readonly string[] {
  return expected?.split(" | ") ?? [];
}

/** Most values that a hint lists. */
const MAX_LISTED = 12;

/** The value that the author most likely meant, as a hint, if it is one of a list that is too long to show. */
function nearOption(issue: Issue): string | undefined {
  if (options(issue).length <= MAX_LISTED || typeof issue.input !== "string") return undefined;
  const meant = closest(
    issue.input,
    options(issue).map((option) => option.replace(/[("]|"?\)?$/g, "")),
  );
  return meant === undefined ? undefined : `Did you mean \`${meant}\`?`;
}

function unknownMember(issue: Issue) {
  const meant = closest(String(issue.path?.at(-1)?.key), issue.message.split(", "));
  const hint = meant === undefined ? `Known here: ${issue.message}.` : `Did you mean \`${meant}\`?`;
  return { message: "This member is unknown.", hint };
}

function isMissing(issue: Issue): boolean {
  return issue.path?.at(-1)?.origin === "key" && issue.received === "undefined";
}

const NAMES = new Map([
  ["Object", "an object"],
  ["Array", "an array"],
  ["string", "a string"],
  ["number", "a number"],
  ["boolean", "true or false"],
  // valibot says only this about a schema that is created when needed (`v.lazy`). There is one such schema.
  ["unknown", "an object with `anyOf` or `allOf`"],
]);

/** The name of a type or value in plain English, from valibot's name of it. */
function name(type: string): string {
  const bare = type.replace(/^\(|\)$/g, "");
  return NAMES.get(bare) ?? bare;
}
