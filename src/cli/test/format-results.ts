import type { Fault } from "../../policy/fault.ts";
import type { Difference, RowResult } from "../../testing/table/run-table.ts";
import type { UncoveredRoute } from "../../testing/table/uncovered-routes.ts";
import type { Colours } from "../print/colours.ts";

type PlaceOf = (path: Fault["path"]) => string;

/**
 * Formats the results of a table: a paragraph for each row that fails, then a line that counts the rows.
 *
 * @param placeOfRow the place of a path in the table
 * @param placeOfRoute the place of a path in the policy
 */
export function formatResults(
  results: readonly RowResult[],
  table: string,
  placeOfRow: PlaceOf,
  placeOfRoute: PlaceOf,
  colours: Colours,
): readonly string[] {
  const failed = results.filter(({ differences }) => differences.length > 0);
  const passed = results.length - failed.length;
  const { good, bad } = colours;
  const counts = [
    ...(failed.length > 0 ? [bad(`${failed.length} failed`)] : []),
    ...(passed > 0 || failed.length === 0 ? [good(`${passed} passed`)] : []),
  ];
  return [
    ...failed.flatMap((result) => paragraph(result, placeOfRow, placeOfRoute, colours)),
    `${table}: ${counts.join(", ")}`,
  ];
}

function paragraph(
  { row, decision, route, hints, differences }: RowResult,
  placeOfRow: PlaceOf,
  placeOfRoute: PlaceOf,
  { bad, doubtful, faint, strong }: Colours,
): readonly string[] {
  return [
    `${strong(placeOfRow(["tests", row.index]))}: ${bad("failed")}: ${row.name}`,
    ...differences.map(difference),
    ...(decision.outcome === "refused" && !differences.some(({ member }) => member === "reason")
      ? [`    it was refused with ${decision.status} ${decision.reason}`]
      : []),
    `    why: ${decision.why}`,
    ...(route
      ? [faint(`    ${placeOfRoute(["routes", route.index])}: ${route.methods.join(", ")} ${route.path}`)]
      : []),
    ...hints().map((hint) => `    ${doubtful("hint:")} ${hint}`),
  ];
}

function difference({ member, expected, actual }: Difference): string {
  return `    ${member}: expected ${valueText(expected)}, got ${valueText(actual)}`;
}

function valueText(value: Difference["actual"]): string {
  if (value === undefined) return "none";
  return Array.isArray(value) ? value.join(" ") || "no scopes" : String(value);
}

/** Formats the routes that a table does not cover, and the number of those that it covers. */
export function formatCoverage(
  uncovered: readonly UncoveredRoute[],
  routeCount: number,
  placeOfRoute: PlaceOf,
  { doubtful, strong }: Colours,
): readonly string[] {
  const lines = uncovered.map(({ route, missing }) => {
    const what = missing
      .map((it) => (it === "allowed" ? "lets a request in" : "refuses a request"))
      .join(", and none ");
    const place = strong(placeOfRoute(["routes", route.index]));
    return `${place}: ${doubtful("notice")}: ${route.methods.join(", ")} ${route.path}: no row ${what}.`;
  });
  return [...lines, `coverage: ${routeCount - uncovered.length} of ${routeCount} routes`];
}
