import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import { policyConfigSchema, scopeGroup } from "../../policy/compile/schema/config-schema.ts";

const FILE = join(import.meta.dirname, "../../policy/routes.schema.json");

/**
 * The text of `src/policy/routes.schema.json`: the JSON Schema (draft 7, which editors know best) of the shape of
 * `routes.json`. It does not say what relates two parts of the file; the compiler does.
 */
export function policyJsonSchema(): string {
  const schema = toJsonSchema(policyConfigSchema, {
    definitions: { scopeGroup },
    // Variables are replaced before the file is checked, so a closed list of values may be met by one.
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === "picklist" ? { anyOf: [jsonSchema, { type: "string", pattern: "\\$\\{" }] } : undefined,
  });
  return `${JSON.stringify({ ...schema, title: "Scopegate policy" }, null, 2)}\n`;
}

/** Writes the file; with `--check` only says, by its exit code, whether it is up to date. */
function main(options: readonly string[]): void {
  if (!options.includes("--check")) writeFileSync(FILE, policyJsonSchema());
  else if (readFileSync(FILE, "utf8") !== policyJsonSchema()) {
    console.error("src/policy/routes.schema.json is stale. Write it again with: node src/cli/commands/schema.ts");
    process.exitCode = 1;
  }
}

if (process.argv[1] === import.meta.filename) main(process.argv.slice(2));
