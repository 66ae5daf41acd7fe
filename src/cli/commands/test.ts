import type { Fault } from "../../policy/fault.ts";
import { type ReadRow, readTable } from "../../testing/table/read-table.ts";
import { type RowResult, runTable } from "../../testing/table/run-table.ts";
import { isCoverable, type UncoveredRoute, uncoveredRoutes } from "../../testing/table/uncovered-routes.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT, InputError } from "../args/exit-code.ts";
import { jsonOption } from "../output.ts";
import {
  environmentOption,
  formatPlaced,
  inTextOrder,
  type LoadedPolicy,
  loadPolicy,
  type PolicySource,
  placeOf,
  readPolicySource,
} from "../policy-file/policy-source.ts";
import { coloursFor } from "../print/colours.ts";
import { printJson } from "../print/print-json.ts";
import { printLines } from "../print/print-lines.ts";
import { formatCoverage, formatResults } from "../test/format-results.ts";
import { tableFiles } from "../test/table-files.ts";

export default defineCommand({
  name: "test",
  summary:
    "Decide every request of a table, and compare the decision with what the table expects. Exit code 1: one differs.",
  options: {
    policy: {
      type: "string",
      valueHint: "file",
      description: "The policy: a file, or git:REV for that of a commit. Default: the file beside the table.",
    },
    ...environmentOption,
    coverage: {
      type: "boolean",
      description: "Also list the routes without a row that is let in, or without one that is refused.",
    },
    ...jsonOption,
  },
  positionals: {
    file: { description: "The table. Default: routes.test.json, or the file beside the policy." },
  },
  examples: [
    "",
    "examples/shop/routes.test.json",
    "--policy git:main",
    "--coverage --env production",
    "# a row of the table:",
    '#   { "method": "POST", "path": "/orders", "client": "customer",',
    '#     "expect": { "outcome": "refused", "reason": "scope-insufficient" } }',
  ],
  async run(args) {
    const files = tableFiles(args.file, args.policy);
    const source = readPolicySource(files.table);
    const loaded = await loadPolicy(files.policy, { from: "wrangler", environment: args.env });
    const results = await runTable(readRows(source, loaded), loaded.policy);
    const uncovered = args.coverage ? uncoveredRoutes(results, loaded.policy) : undefined;
    if (args.json) printJson(asJson(results, uncovered, source, loaded));
    else {
      const placeOfRoute = (path: Fault["path"]) => placeOf(loaded, path);
      const colours = coloursFor();
      printLines([
        ...formatResults(results, source.name, (path) => placeOf(source, path), placeOfRoute, colours),
        ...(uncovered
          ? formatCoverage(uncovered, loaded.policy.routes.filter(isCoverable).length, placeOfRoute, colours)
          : []),
      ]);
    }
    return results.every(({ differences }) => differences.length === 0) ? EXIT.fine : EXIT.findings;
  },
});

function readRows(source: PolicySource, { policy }: LoadedPolicy): readonly ReadRow[] {
  const rows = readTable(source.value, policy);
  if (rows.ok) return rows.value;
  throw new InputError(inTextOrder(source, rows.failure).map((fault) => formatPlaced(source, fault)));
}

function asJson(
  results: readonly RowResult[],
  uncovered: readonly UncoveredRoute[] | undefined,
  source: PolicySource,
  loaded: LoadedPolicy,
) {
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  return {
    table: source.name,
    policy: loaded.name,
    passed: results.length - failed,
    failed,
    rows: results.map(({ row, decision, differences }) => ({
      name: row.name,
      ...source.locate(["tests", row.index]),
      passed: differences.length === 0,
      differences,
      decision,
    })),
    ...(uncovered && {
      uncovered: uncovered.map(({ route, missing }) => ({
        path: route.path,
        methods: route.methods,
        ...loaded.locate(["routes", route.index]),
        missing,
      })),
    }),
  };
}
