import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import { policyConfigSchema, scopeGroup } from "../../policy/compile/schema/config-schema.ts";
import { defineCommand } from "../args/command.ts";
import { CommandError, EXIT } from "../args/exit-code.ts";

const FILE = join(import.meta.dirname, "../../policy/routes.schema.json");

export default defineCommand({
  name: "schema",
  summary: "Write the JSON Schema of routes.json, src/policy/routes.schema.json. Exit code 1: --check finds it stale.",
  options: { check: { type: "boolean", description: "Write nothing; only tell whether the file is up to date." } },
  positionals: {},
  examples: ["", "--check"],
  hasScript: true,
  run(args) {
    if (!args.check) writeFileSync(FILE, policyJsonSchema());
    else if (readFileSync(FILE, "utf8") !== policyJsonSchema()) {
      throw new CommandError("src/policy/routes.schema.json is stale. Run: npm run schema");
    }
    return EXIT.fine;
  },
});

/**
 * The text of `src/policy/routes.schema.json`: a JSON Schema (draft 7, which most editors support) for the shape of
 * `routes.json`. It does not check how two parts of the file relate to each other; the compiler does.
 */
export function policyJsonSchema(): string {
  const schema = toJsonSchema(policyConfigSchema, {
    definitions: { scopeGroup },
    // Variables are replaced before the file is checked, so `${NAME}` may stand for one of a closed list of values.
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === "picklist" ? { anyOf: [jsonSchema, { type: "string", pattern: "\\$\\{" }] } : undefined,
  });
  return `${JSON.stringify({ ...schema, title: "Scopegate policy" }, null, 2)}\n`;
}
