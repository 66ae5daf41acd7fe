/**
 * The test of a project: what is true of all routes. The rows of `routes.test.json` are about single requests.
 *
 * @param vars names of the policy's vars
 */
export function projectTest(vars: readonly string[]): string {
  const values = vars.map((name) => `${name}: "https://${name.toLowerCase().replaceAll("_", "-")}.invalid"`);
  return `import { readFileSync } from "node:fs";
import { compilePolicy, formatFault } from "scopegate/policy";
import { decide } from "scopegate/testing";
import { expect, it } from "vitest";

// Any addresses will do: no test calls them.
const vars = { ${values.join(", ")} };
const compiled = compilePolicy(JSON.parse(readFileSync("routes.json", "utf8")), vars);
if (!compiled.ok) throw new Error(compiled.failure.map(formatFault).join("\\n"));
const policy = compiled.value;

const open = ["public", "optional"];
const closed = policy.routes.filter(({ requirement }) => !open.includes(requirement.kind));

it.each(closed)("$methods $path: refused without a token", async ({ path, methods }) => {
  const method = methods.includes("*") ? "GET" : methods[0];
  const request = { method, path: path.replace(/:\\w+|\\*$/g, "1") };
  expect(await decide(policy, request)).toMatchObject({ outcome: "refused", reason: "credentials-missing" });
});

it("serves no path that is not in routes.json", async () => {
  expect(await decide(policy, { method: "GET", path: "/elsewhere" })).toMatchObject({ reason: "route-unknown" });
});
`;
}
