import { join } from "node:path";
import { DEFAULT_POLICY } from "./policy-source.ts";
import { readEnvironmentsBeside } from "./wrangler-file.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** The policy of this project, whichever folder the command runs in. */
export const ROUTES_FILE = join(ROOT, DEFAULT_POLICY);

/** The policy of the running example, which the demo plays. The policy at the root belongs to the team. */
export const SHOP_FILE = join(ROOT, "examples/shop/routes.json");

/** The file with the local gateway's vars. The vars with local addresses are set when the gateway starts. */
export const WRANGLER_FILE = join(ROOT, "wrangler.toml");

/** The vars at the top level of wrangler's file, or none if there is no file. Throws `InputError` if it is faulty. */
export async function readLocalVars(): Promise<Readonly<Record<string, unknown>>> {
  const environments = await readEnvironmentsBeside(ROUTES_FILE);
  return environments?.find(({ name }) => name === "")?.vars ?? {};
}
