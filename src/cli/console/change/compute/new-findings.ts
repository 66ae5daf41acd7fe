import { lintPolicy } from "../../../../policy/analysis/lint/lint-policy.ts";
import { lintReports } from "../../../../policy/analysis/lint/lint-reports.ts";
import type { PolicyConfig } from "../../../../policy/compile/schema/config-schema.ts";
import { type Fault, jsonPath } from "../../../../policy/fault.ts";
import type { LintCode, LintSeverity } from "../../../../policy/lint-codes.ts";
import type { Position } from "../../../../policy/source/locator.ts";
import type { LoadedPolicy } from "../../../policy-file/policy-source.ts";

/** A warning or notice of `check` about the new version that `check` did not give for the old one. */
export interface NewFinding {
  readonly code: LintCode;
  readonly severity: LintSeverity;
  readonly message: string;
  readonly hint: string;
  /** The member of the new version, such as `$.routes[3]`. */
  readonly path: string;
  /** In the new version's text. */
  readonly place: Position;
}

/**
 * The lints of the new version that the old one does not have. A lint stays the same if only the order of the file
 * changes. Lints with a reason in the file are left out. It does not look at wrangler's file: `check` has what it finds
 * there.
 *
 * @param day in UTC, as `YYYY-MM-DD`
 */
export function newFindings(before: LoadedPolicy, after: LoadedPolicy, day: string): readonly NewFinding[] {
  const known = new Map<string, number>();
  for (const lint of lintsOf(before, day)) {
    const key = keyOf(lint, before);
    known.set(key, (known.get(key) ?? 0) + 1);
  }
  return lintsOf(after, day)
    .filter((lint) => {
      const key = keyOf(lint, after);
      const left = known.get(key) ?? 0;
      known.set(key, left - 1);
      return left <= 0;
    })
    .map(({ code, severity, message, hint, path }) => {
      return { code, severity, message, hint, path: jsonPath(path), place: after.locate(path) };
    });
}

function lintsOf({ policy, value }: LoadedPolicy, day: string) {
  // The policy compiled, so its file has this type.
  return [...lintPolicy(policy, value as PolicyConfig).lints, ...lintReports(policy, day)];
}

/** What a lint is about, without the places of routes and other items in their lists, which move. */
function keyOf(
  { code, message, path }: Pick<NewFinding, "code" | "message"> & Pick<Fault, "path">,
  { value }: LoadedPolicy,
) {
  return JSON.stringify([code, message.replaceAll(/\[\d+\]/g, "[]"), pathByNames(path, value)]);
}

/** The path with each item of a list by its members `methods`, `path` and `name`, if it has some of them. */
function pathByNames(path: Fault["path"], value: unknown): readonly unknown[] {
  let part = value;
  return path.map((step) => {
    part = Reflect.get(Object(part), step);
    if (typeof step === "string") return step;
    return ["methods", "path", "name"].map((member): unknown => Reflect.get(Object(part), member));
  });
}
