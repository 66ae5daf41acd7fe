import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import { policyConfigSchema } from "../../policy/compile/schema/config-schema.ts";
import { scopeGroup } from "../../policy/compile/schema/required-scope.ts";
import { decisionTableSchema } from "../../testing/table/decision-table.ts";
import { defineCommand } from "../args/command.ts";
import { CommandError, EXIT } from "../args/exit-code.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** The schemas that the repository holds, by file. */
const SCHEMAS: Readonly<Record<string, () => string>> = {
  "src/policy/routes.schema.json": policyJsonSchema,
  "src/testing/routes.test.schema.json": tableJsonSchema,
};

export default defineCommand({
  name: "schema",
  summary:
    "Write the JSON Schemas of routes.json, src/policy/routes.schema.json, and of routes.test.json, " +
    "src/testing/routes.test.schema.json. Exit code 1: --check finds one stale.",
  options: { check: { type: "boolean", description: "Write nothing; only tell whether the files are up to date." } },
  positionals: {},
  examples: ["", "--check"],
  hasScript: true,
  run(args) {
    for (const [name, schema] of Object.entries(SCHEMAS)) {
      const file = join(ROOT, name);
      if (!args.check) writeFileSync(file, schema());
      else if (readFileSync(file, "utf8") !== schema()) {
        throw new CommandError(`${name} is stale. Run: npm run schema`);
      }
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
  return schemaText("Scopegate policy", schema);
}

/**
 * The text of `src/testing/routes.test.schema.json`: a JSON Schema (draft 7) for the shape of `routes.test.json`. It
 * does not check the names, which are those of the policy; `scopegate test` does.
 */
export function tableJsonSchema(): string {
  return schemaText("Scopegate decisions", toJsonSchema(decisionTableSchema));
}

function schemaText(title: string, schema: object): string {
  return `${JSON.stringify({ ...schema, title }, null, 2)}\n`;
}
