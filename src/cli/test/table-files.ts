import { UsageError } from "../args/exit-code.ts";
import { DEFAULT_POLICY } from "../policy-file/policy-source.ts";

/** The name of the table beside `routes.json`. */
const DEFAULT_TABLE = "routes.test.json";

/** A table of expectations and the policy that it is about, by file name. */
export interface TableFiles {
  readonly table: string;
  readonly policy: string;
}

/**
 * Which table and which policy are meant. They stand beside each other: `api.test.json` is about `api.json`. The policy
 * of a commit (`git:REV`) is compared with the table in the current folder.
 *
 * @throws UsageError the name of the one does not say the name of the other
 */
export function tableFiles(table: string | undefined, policy: string | undefined): TableFiles {
  if (table === undefined && policy === undefined) return { table: DEFAULT_TABLE, policy: DEFAULT_POLICY };
  if (policy === undefined) return { table: table ?? DEFAULT_TABLE, policy: policyBeside(table ?? DEFAULT_TABLE) };
  return { table: table ?? tableBeside(policy), policy };
}

function policyBeside(table: string): string {
  if (!table.endsWith(".test.json")) {
    throw new UsageError(`Say with --policy what ${table} tests: its name does not end in .test.json.`);
  }
  return table.replace(/\.test\.json$/, ".json");
}

function tableBeside(policy: string): string {
  if (policy.startsWith("git:")) return DEFAULT_TABLE;
  if (!policy.endsWith(".json")) throw new UsageError(`Name the table, too: ${policy} does not end in .json.`);
  return policy.replace(/\.json$/, ".test.json");
}
