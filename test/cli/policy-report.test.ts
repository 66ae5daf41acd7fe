import { sep } from "node:path";
import { expect, it } from "vitest";
import { reportPolicy } from "../../src/cli/policy-report.ts";
import { exampleFile, scratchDirectory } from "../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();

const UNDEPLOYABLE = "This policy cannot be deployed:";
const REGISTERED = {
  issuers: { cognito: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly: true } },
};
const upstreamsWith = (orders: unknown) => ({ upstreams: { ...exampleFile().upstreams, orders } });
const VARIABLE = `\${ORDERS_URL}`;

/** The lines, with the folder of the file left out of the places. */
async function report(content: unknown, vars: Readonly<Record<string, unknown>> = {}): Promise<readonly string[]> {
  const lines = await reportPolicy(scratch.write("policy.json", content), vars);
  return lines.map((line) => line.replaceAll(`${scratch.path}${sep}`, ""));
}

it.each([
  { name: "has nothing to say about a sound policy", input: exampleFile(REGISTERED), expected: [] },
  {
    name: "leaves notices to `scopegate check`",
    input: exampleFile(),
    expected: [],
  },
  {
    name: "counts warnings, which keep nothing from being deployed",
    input: exampleFile({ upstreams: { ...exampleFile().upstreams, old: { url: "https://old.example" } } }),
    expected: ["1 warning: see npm run scopegate -- check --policy policy.json."],
  },
  {
    name: "has the place of every fault, in the order of the file, and says that nothing is served",
    input: exampleFile({ ...upstreamsWith({ url: "ftp://x" }), realm: "" }),
    expected: [
      "The policy is invalid. Every request is refused with policy-invalid:",
      expect.stringMatching(/^ {2}policy\.json:\d+:\d+: /),
      expect.stringMatching(/^ {2}policy\.json:\d+:3: /),
    ],
  },
  {
    name: "says that a variable is not set",
    input: exampleFile(upstreamsWith({ url: VARIABLE })),
    expected: [
      "The policy is invalid. Every request is refused with policy-invalid:",
      expect.stringContaining("The variable `ORDERS_URL` is not set."),
    ],
  },
  {
    name: "says of a member that is there twice that it keeps the policy from being deployed",
    input: '{\n  "realm": "a",\n  "realm": "b"\n}',
    expected: [UNDEPLOYABLE, '  policy.json:3:3: The member "realm" appears twice. Remove one of them.'],
  },
  {
    name: "shows a call that breaks a guarantee",
    input: exampleFile({ guarantees: [{ name: "nothing is public", publicOnly: [] }] }),
    expected: [UNDEPLOYABLE, expect.stringMatching(/^ {2}policy\.json:\d+:\d+: It does not hold: anyone may call /)],
  },
  {
    name: "has nothing to say about a service binding, which has a stand-in",
    input: exampleFile({ ...REGISTERED, ...upstreamsWith({ service: "ORDERS" }) }),
    expected: [],
  },
])("$name", async ({ input, expected }) => {
  expect(await report(input)).toEqual(expected);
});

it("takes the vars of the local gateway", async () => {
  expect(await report(exampleFile(upstreamsWith({ url: VARIABLE })), { ORDERS_URL: "http://127.0.0.1:8790" })).toEqual(
    [],
  );
});

it("warns of no client whose tokens the local issuer binds to the local gateway", async () => {
  const at = "http://127.0.0.1:8787";
  const vars = { PUBLIC_URL: at, ISSUER_URL: "http://127.0.0.1:8788/local_pool", ORDERS_URL: "http://127.0.0.1:8790" };
  expect(await reportPolicy("examples/mcp/routes.json", vars)).toEqual([]);
});
