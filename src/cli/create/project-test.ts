/**
 * The test of a project: what callers of the first collection may do. It asks the engine that the gateway decides with.
 *
 * @param server identifier of the resource server
 * @param upstream name of the first upstream, which is the name of its collection, too
 * @param vars names of the policy's vars
 */
export function projectTest(server: string, upstream: string, vars: readonly string[]): string {
  const scope = (verb: string): string => JSON.stringify(`${server}/${verb}:${upstream}`);
  const path = JSON.stringify(`/${upstream}`);
  const item = JSON.stringify(`/${upstream}/1`);
  const values = vars.map((name) => `${name}: "https://${name.toLowerCase().replaceAll("_", "-")}.invalid"`);
  return `import { readFileSync } from "node:fs";
import { authorize, compilePolicy, formatFault, routeFor, withImplied } from "scopegate/policy";
import { expect, it } from "vitest";

// Any addresses will do: no test calls them.
const vars = { ${values.join(", ")} };
const compiled = compilePolicy(JSON.parse(readFileSync("routes.json", "utf8")), vars);
if (!compiled.ok) throw new Error(compiled.failure.map(formatFault).join("\\n"));
const policy = compiled.value;

/** What the gateway decides for a token with these scopes; without scopes, for a caller without a token. */
function decide(method: string, path: string, scopes?: readonly string[]) {
  const group = policy.table.match(path);
  const route = group && routeFor(group, method);
  return route && authorize(route.requirement, scopes && withImplied(policy.scopes, scopes));
}

const READ = ${scope("read")};
const WRITE = ${scope("write")};

it.each([
  { method: "GET", path: ${path}, scopes: [READ], expected: "permitted" },
  { method: "GET", path: ${path}, scopes: [WRITE], expected: "scopes-needed" },
  { method: "GET", path: ${path}, scopes: undefined, expected: "token-needed" },
  { method: "POST", path: ${path}, scopes: [WRITE], expected: "permitted" },
  { method: "POST", path: ${path}, scopes: [READ], expected: "scopes-needed" },
  { method: "DELETE", path: ${item}, scopes: [READ], expected: "scopes-needed" },
])("$method $path with $scopes: $expected", ({ method, path, scopes, expected }) => {
  expect(decide(method, path, scopes)).toBe(expected);
});

it("serves no path that is not in routes.json", () => {
  expect(decide("GET", "/elsewhere", [READ, WRITE])).toBeUndefined();
});
`;
}
