import { join } from "node:path";
import { DEFAULT_POLICY, readEnvironmentsBeside } from "./policy-source.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** The policy of this project, wherever it is called from. */
export const ROUTES_FILE = join(ROOT, DEFAULT_POLICY);

/** Where the local gateway's vars come from; those of its addresses are set when it starts. */
export const WRANGLER_FILE = join(ROOT, "wrangler.toml");

/** The vars at the top level of wrangler's file; none without a file. Throws `InputError` when it cannot be read. */
export async function readLocalVars(): Promise<Readonly<Record<string, unknown>>> {
  const environments = await readEnvironmentsBeside(ROUTES_FILE);
  return environments?.find(({ name }) => name === "")?.vars ?? {};
}
