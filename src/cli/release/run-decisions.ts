import { existsSync } from "node:fs";
import type { Fault } from "../../policy/fault.ts";
import { readTable } from "../../testing/table/read-table.ts";
import { runTable } from "../../testing/table/run-table.ts";
import { CommandError } from "../args/exit-code.ts";
import {
  formatPlaced,
  inTextOrder,
  type LoadedPolicy,
  placeOf,
  readPolicySource,
} from "../policy-file/policy-source.ts";
import type { Colours } from "../print/colours.ts";
import { formatResults } from "../test/format-results.ts";
import { tableFiles } from "../test/table-files.ts";

/**
 * Decides the requests of the table beside a policy. Returns the result for a terminal; `undefined`: there is no table.
 *
 * @throws CommandError a decision differs, or the table has a fault
 */
export async function runDecisions(loaded: LoadedPolicy, colours: Colours): Promise<readonly string[] | undefined> {
  const { table } = tableFiles(undefined, loaded.name);
  if (!existsSync(table)) return undefined;
  const source = readPolicySource(table);
  const rows = readTable(source.value, loaded.policy);
  if (!rows.ok) throw new CommandError(inTextOrder(source, rows.failure).map((fault) => formatPlaced(source, fault)));
  const results = await runTable(rows.value, loaded.policy);
  const placeIn = (its: Parameters<typeof placeOf>[0]) => (path: Fault["path"]) => placeOf(its, path);
  const lines = formatResults(results, source.name, placeIn(source), placeIn(loaded), colours);
  if (results.some(({ differences }) => differences.length > 0)) throw new CommandError(lines);
  return lines;
}
