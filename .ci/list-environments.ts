/**
 * Prints the environments of the wrangler file at the root, one on each line. The first one, the top level, has no
 * name.
 */
import { readEnvironmentsBeside } from "../src/cli/policy-file/wrangler-file.ts";

for (const { name } of (await readEnvironmentsBeside("routes.json")) ?? [{ name: "" }]) console.log(name);
