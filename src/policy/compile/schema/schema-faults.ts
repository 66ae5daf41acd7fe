import type * as v from "valibot";
import type { Fault, Report } from "../../fault.ts";
import { closest } from "../../suggestion.ts";

type Issue = v.BaseIssue<unknown>;

/** Reports what valibot found wrong with the shape of the file, in this project's words. */
export function reportIssues(issues: readonly Issue[], report: Report): void {
  for (const issue of issues) reportIssue(issue, [], report);
}

function reportIssue(issue: Issue, above: Fault["path"], report: Report): void {
  const path = [...above, ...steps(issue)];
  // Of a union, the branch that was meant is the one that got past its own type.
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
      return { message: "This is empty.", hint: "Write at least one, or leave it out." };
    case "integer":
      return { message: "This is not a whole number.", hint: "Write it without a fraction." };
    case "min_value":
      return { message: `${issue.received} is too small.`, hint: `The least is ${issue.requirement}.` };
    case "max_value":
      return { message: `${issue.received} is too large.`, hint: `The most is ${issue.requirement}.` };
    case "entries":
      return { message: "This needs exactly one of `anyOf` and `allOf`.", hint: "Nest one in the other for both." };
    case "regex":
      return { message: "This is empty or not printable ASCII.", hint: "Headers carry nothing else safely." };
    default:
      return isMissing(issue)
        ? { message: "This is missing.", hint: "It has no default: write it." }
        : {
            message: `Found ${name(issue.received)}.`,
            hint: `Write ${issue.expected?.split(" | ").map(name).join(" or ")}.`,
          };
  }
}

function unknownMember(issue: Issue) {
  const meant = closest(String(issue.path?.at(-1)?.key), issue.message.split(", "));
  const hint = meant === undefined ? `Known here: ${issue.message}.` : `Did you mean \`${meant}\`?`;
  return { message: "This is not a known member.", hint };
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
  // All that valibot says of a schema it only makes when needed: of these there is one.
  ["unknown", "an object with `anyOf` or `allOf`"],
]);

/** valibot's name of a type or value, for people. */
function name(type: string): string {
  const bare = type.replace(/^\(|\)$/g, "");
  return NAMES.get(bare) ?? bare;
}
