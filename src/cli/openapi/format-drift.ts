import type { Fault } from "../../policy/fault.ts";
import { counted } from "../output.ts";
import type { Colours } from "../print/colours.ts";
import type { ApiDocument } from "./document/api-document.ts";
import type { Drift } from "./drift.ts";

/** The differences for a terminal: what the policy lacks, what the document lacks, and where they disagree. */
export function formatDrift(
  { uncovered, undocumented, differing, unreadable }: Drift,
  document: ApiDocument,
  placeOf: (path: Fault["path"]) => string,
  { bad, doubtful, faint, strong }: Colours,
): readonly string[] {
  const sections = [
    section(
      "No route serves",
      uncovered.map(({ method, path, example }) => {
        const detail = example === `${method} ${path}` ? "" : faint(`  such as ${example}`);
        return `  ${bad(`${method} ${path}`)}${detail}`;
      }),
    ),
    section(
      "No operation describes",
      undocumented.map(
        ({ route, methods }) =>
          `  ${doubtful(`${methods.join(",")} ${route.path}`)}  ${faint(placeOf(["routes", route.index]))}`,
      ),
    ),
    section(
      "Requirements differ",
      differing.flatMap(({ method, path, route, documented, required, relation }) => {
        const paint = relation === "tighter" ? doubtful : bad;
        return [
          `  ${paint(relation)}  ${method} ${path}  ${faint(placeOf(["routes", route.index]))}`,
          `    document: ${documented}`,
          `    route:    ${required}`,
        ];
      }),
    ),
    section(
      "Not compared",
      unreadable.map(({ method, path, why }) => `  ${method} ${path}: ${why}`),
    ),
  ].flat();
  const operations = counted(document.operations.length, "operation");
  if (sections.length === 0) return [`${document.title}: the policy agrees with all of ${operations}.`];
  return [strong(`${document.title}, ${operations}`), ...sections];

  function section(heading: string, lines: readonly string[]): readonly string[] {
    return lines.length === 0 ? [] : ["", strong(heading), ...lines];
  }
}
