import { reportControlCharacters } from "../../policy/compile/schema/shape/report-control-characters.ts";
import { reportNesting } from "../../policy/compile/schema/shape/report-nesting.ts";
import { reportShapeFaults } from "../../policy/compile/schema/shape/report-shape-faults.ts";
import { resolveScope } from "../../policy/compile/scope-names.ts";
import type { Fault, Report } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { nameHint } from "../../policy/suggestion.ts";
import { failure, type Result, success } from "../../result.ts";
import { type ReadQuestion, readQuestion } from "../read-question.ts";
import { type DecisionTable, decisionTableSchema, type Expectation, type TableRow } from "./decision-table.ts";

/** A row that can be run. */
export interface ReadRow {
  /** Its place in `tests`. */
  readonly index: number;
  /** Its name or, without one, its request and its caller. */
  readonly name: string;
  readonly question: ReadQuestion;
  /** `required` has full names. */
  readonly expected: Expectation;
}

/**
 * Reads the value of a `routes.test.json`, or returns every fault. Names of clients, scopes, issuers, routes and
 * upstreams must be those of the policy, and a refusal must be expected with its reason: otherwise a row with a typing
 * error could pass.
 */
export function readTable(table: unknown, policy: Policy): Result<readonly ReadRow[], readonly Fault[]> {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) => faults.push({ path, message, hint });
  reportNesting(table, report);
  // The next two are recursive, so nothing may be nested too deeply.
  if (faults.length > 0) return failure(faults);
  reportShapeFaults(decisionTableSchema, table, report);
  reportControlCharacters(table, report);
  const shapeless = new Set(faults.map(({ path: [, index] }) => index));
  if (shapeless.has(undefined)) return failure(faults);
  const names = namesOf(policy);
  const rows: ReadRow[] = [];
  // Every fault lies in a row, so the value has the shape of a table, except for these rows.
  for (const [index, row] of (table as DecisionTable).tests.entries()) {
    if (shapeless.has(index)) continue;
    const at: Report = (path, message, hint) => report(["tests", index, ...path], message, hint);
    const expected = readExpectation(row, policy, names, at);
    const question = readQuestion(row, policy);
    if (question.ok) rows.push({ index, name: row.name ?? nameOf(row), question: question.value, expected });
    else for (const { path, message, hint } of question.failure) at(path, message, hint);
  }
  return faults.length === 0 ? success(rows) : failure(faults);
}

/** The names that an expectation may use. */
interface Names {
  readonly routes: ReadonlySet<string>;
  readonly upstreams: ReadonlySet<string>;
}

function namesOf({ routes, upstreams }: Policy): Names {
  return { routes: new Set(routes.map(({ path }) => path)), upstreams: new Set(upstreams.keys()) };
}

/** Which outcomes a member of an expectation can go with. The members that are not listed go with every outcome. */
const ONLY_WITH = {
  reason: ["refused"],
  wouldDeny: ["forwarded"],
  status: ["refused", "answered"],
  upstream: ["forwarded"],
  preflight: ["answered"],
} as const satisfies { readonly [Member in keyof Expectation]?: readonly Expectation["outcome"][] };

function readExpectation(row: TableRow, policy: Policy, names: Names, report: Report): Expectation {
  const { expect, preflight } = row;
  for (const [member, outcomes] of Object.entries(ONLY_WITH)) {
    if (!Object.hasOwn(expect, member) || outcomes.some((it) => it === expect.outcome)) continue;
    const hint = `Leave it out, or set \`outcome\` to ${outcomes.join(" or ")}.`;
    report(["expect", member], `No request that is ${expect.outcome} has this.`, hint);
  }
  if (expect.outcome === "refused" && expect.reason === undefined) {
    const hint = "Add it: a request with a typing error is refused, too, for another reason.";
    report(["expect", "outcome"], "The `reason` of the refusal is missing.", hint);
  }
  if (expect.preflight !== undefined && preflight === undefined) {
    report(
      ["expect", "preflight"],
      "The request is not a preflight.",
      "Add `preflight` to the row, or leave this out.",
    );
  }
  checkName("route", expect.route, names.routes, report);
  checkName("upstream", expect.upstream, names.upstreams, report);
  if (expect.required === undefined) return expect;
  const required = expect.required.map((name, index) => {
    const scope = resolveScope(name, policy.scopes);
    if (scope.ok) return scope.value.fullName;
    report(["expect", "required", index], scope.failure.message, scope.failure.hint);
    return name;
  });
  return { ...expect, required };
}

function checkName(
  member: "route" | "upstream",
  name: string | undefined,
  known: ReadonlySet<string>,
  report: Report,
): void {
  if (name === undefined || known.has(name)) return;
  report(["expect", member], `The policy has no ${member} \`${name}\`.`, nameHint(name, [...known]));
}

function nameOf({ method, path, preflight, ...row }: TableRow): string {
  const what = preflight === undefined ? method : `preflight for ${preflight.method} from ${preflight.origin} to`;
  return `${what} ${path}${host(row)} ${caller(row)}${row.bound === undefined ? "" : `, bound by ${row.bound}`}`;
}

function host({ host: name }: Pick<TableRow, "host">): string {
  return name === undefined ? "" : ` at ${name}`;
}

function caller({ client, scopes, claims, token }: Partial<TableRow>): string {
  if (token !== undefined) return "with a token";
  if (claims !== undefined) return "with claims";
  const list = scopes && (scopes.join(" ") || "no scopes");
  if (client !== undefined) return `by client ${client}${list === undefined ? "" : ` with ${list}`}`;
  return list === undefined ? "without a token" : `with ${list}`;
}
