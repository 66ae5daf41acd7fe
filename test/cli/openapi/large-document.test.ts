import { expect, test } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { policyFile } from "../../support/policy/policy-file.ts";

const scratch = scratchDirectory();
const OPERATIONS = 1_000;
/** About 10 KB of schema for each operation, as in the large public descriptions. */
const SCHEMA = {
  properties: Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`p${index}`, { description: "x".repeat(70) }]),
  ),
};

function largeDocument() {
  const numbers = Array.from({ length: OPERATIONS / 2 }, (_, index) => index);
  const operation = (index: number, scope: string) => ({
    operationId: `o${index}`,
    parameters: [{ $ref: "#/components/parameters/page" }],
    responses: { "200": { content: { "application/json": { schema: { $ref: `#/components/schemas/s${index}` } } } } },
    security: [{ oauth: [scope] }],
  });
  return {
    openapi: "3.0.3",
    paths: Object.fromEntries(
      numbers.map((index) => [
        `/area${index % 20}/{owner}/things${index}/{id}`,
        { get: operation(index, "read:orders"), put: { $ref: `#/x-operations/${index}` } },
      ]),
    ),
    "x-operations": numbers.map((index) => operation(index, "write:orders")),
    components: {
      parameters: { page: { name: "page", in: "query" } },
      securitySchemes: { oauth: { type: "oauth2", flows: {} } },
      schemas: Object.fromEntries(
        [...numbers, ...numbers.map((index) => -1 - index)].map((index) => [`s${index}`, SCHEMA]),
      ),
    },
  };
}

test.each([
  { name: "10 MB of JSON", file: "large.json", write: (value: unknown) => JSON.stringify(value) },
  { name: "10 MB of YAML", file: "large.yaml", write: (value: unknown) => `# YAML\n${JSON.stringify(value)}` },
])(
  "$name with 1,000 operations are imported in reasonable time and memory",
  async ({ file, write }) => {
    const text = write(largeDocument());
    expect(text.length).toBeGreaterThan(9_000_000);
    const document = scratch.write(file, text);
    const policy = scratch.write("policy.json", policyFile());
    const [started, before] = [performance.now(), process.memoryUsage().heapUsed];
    const { exitCode, stdout } = await scopegate("import", "openapi", document, "--policy", policy, "--json");
    const seconds = (performance.now() - started) / 1000;
    const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
    const { routes, skipped } = JSON.parse(stdout);
    expect([exitCode, routes.length, skipped]).toEqual([0, OPERATIONS, []]);
    expect(seconds).toBeLessThan(60);
    expect(megabytes).toBeLessThan(1_500);
  },
  120_000,
);
