import { describe, expect, test } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();

const HOLDING = [
  { name: "customers only read", clients: ["customer"], except: [{ methods: ["GET", "OPTIONS"] }], never: true },
  { under: ["/orders"], requires: ["*:orders"] },
  { publicOnly: ["/products/healthz"] },
  { under: ["/orders"], upstream: "orders" },
];
const LOOSE = { path: "/*", methods: ["GET"], authenticated: true, upstream: "products" };

const holding = scratch.write("holding.json", exampleFile({ guarantees: HOLDING }));
const broken = scratch.write(
  "broken.json",
  exampleFile({ guarantees: HOLDING, routes: [...exampleFile().routes, LOOSE] }),
);

test("each guarantee that holds gets a verdict, with the assumption and exit code 0", async () => {
  const { exitCode, stdout, stderr } = await scopegate("prove", "--policy", holding);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(stdout.match(/^holds {3}/gm)).toHaveLength(4);
  expect(stdout).toContain("customers only read");
  expect(stdout).toContain("Assumption: tokens of a registered client");
});

test("nothing is assumed that the gateway enforces", async () => {
  const issuers = { main: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly: true } };
  const enforced = scratch.write("enforced.json", exampleFile({ guarantees: HOLDING, issuers }));
  expect((await scopegate("prove", "--policy", enforced)).stdout).not.toContain("Assumption");
});

test("a guarantee that does not hold is shown with a request, scopes and the route, and exit code 1", async () => {
  const { exitCode, stdout } = await scopegate("prove", "--policy", broken);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/BROKEN {2}under \/orders requires \*:orders {2}\S+broken\.json:\d+:\d+/);
  // The paths that neither `/orders` nor a route below it matches fall to the wildcard further up.
  expect(stdout).toContain("GET /orders/  by client admin, with a token without scopes");
  expect(stdout).toMatch(/route GET \/\*: any token -> products {2}\S+broken\.json:\d+:\d+/);
  expect(stdout).toContain("2 of 4 guarantees broken");
});

test("as JSON, breaches are data", async () => {
  const { exitCode, stdout } = await scopegate("prove", "--policy", broken, "--json");
  const { guarantees, assumesRegisteredScopes } = JSON.parse(stdout);
  expect([exitCode, assumesRegisteredScopes]).toEqual([1, true]);
  expect(guarantees.map(({ holds }: { holds: boolean }) => holds)).toEqual([true, false, true, false]);
  expect(guarantees[3].breaches).toEqual([
    {
      method: "GET",
      path: "/orders/",
      caller: "client",
      client: "admin",
      scopes: [],
      route: "/*",
      line: expect.any(Number),
      column: expect.any(Number),
    },
  ]);
});

test("as JSON, what is idle or assumed is data", async () => {
  const guarantees = [
    { under: ["/ordrs"], never: true },
    { clients: ["customer"], methods: ["POST"], never: true },
  ];
  const file = scratch.write("idle.json", exampleFile({ guarantees }));
  const { stdout } = await scopegate("prove", "--policy", file, "--json");
  expect(JSON.parse(stdout).guarantees).toMatchObject([
    {
      holds: true,
      idle: true,
      idleBecause: "paths",
      idleNotes: ["No route serves a call under `/ordrs`. Did you mean `/orders`?"],
      assumed: false,
    },
    { holds: true, idle: false, idleNotes: [], assumed: true },
  ]);
});

describe("check --strict", () => {
  test.each([
    {
      name: "fails with a guarantee that has a typing error",
      guarantee: { under: ["/ordrs"], never: true },
      code: "warning idle-guarantee",
      expected: 1,
    },
    {
      name: "fails with a typing error in one of several paths",
      guarantee: { under: ["/orders", "/prodcts"], requires: ["*:orders", "*:products"] },
      code: "warning idle-guarantee",
      expected: 1,
    },
    {
      name: "fails with exceptions that leave nothing over",
      guarantee: { except: [{ under: ["/"] }], never: true },
      code: "warning idle-guarantee",
      expected: 1,
    },
    {
      name: "passes with a guarantee about another spelling",
      guarantee: { paths: ["/Orders"], never: true },
      code: "notice unserved-guarantee",
      expected: 0,
    },
    {
      name: "passes with a guarantee about paths that no route serves yet",
      guarantee: { under: ["/internal"], upstream: "orders" },
      code: "notice unserved-guarantee",
      expected: 0,
    },
  ])("$name", async ({ guarantee, code, expected }) => {
    const file = scratch.write("strict.json", exampleFile({ guarantees: [guarantee] }));
    const { exitCode, stdout } = await scopegate("check", "--strict", "--policy", file);
    expect([exitCode, stdout]).toEqual([expected, expect.stringContaining(code)]);
    expect((await scopegate("check", "--policy", file)).exitCode).toBe(0);
  });
});

test("check fails with a guarantee that does not hold", async () => {
  const { exitCode, stdout } = await scopegate("check", "--policy", broken);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining("broken-guarantee")]);
});

describe("the output points out", () => {
  test.each([
    {
      name: "a policy without guarantees",
      guarantees: [],
      expected: 'no guarantees. `"guarantees": [{ "publicOnly": [] }]` says',
    },
    {
      name: "a guarantee of nothing",
      guarantees: [{ under: ["/ordrs"], upstream: "orders" }],
      expected: "Idle: No route serves a call under `/ordrs`. Did you mean `/orders`?",
    },
    {
      name: "a prohibition of nothing",
      guarantees: [{ under: ["/ordrs"], never: true }],
      expected: "Idle: No route serves a call under `/ordrs`. Did you mean `/orders`?",
    },
    {
      name: "a path of nothing beside one of something",
      guarantees: [{ under: ["/prodcts", "/orders"], requires: ["*:orders"] }],
      expected: "Note: No route serves a call under `/prodcts`. Did you mean `/products`?",
    },
    {
      name: "how many guarantees are idle",
      guarantees: [{ except: [{ under: ["/"] }], never: true }, { publicOnly: ["/products/healthz"] }],
      expected: "Idle, because they are about no call: 1 of 2 guarantees.",
    },
    {
      name: "what holds by assumption",
      guarantees: [{ clients: ["customer"], methods: ["POST"], never: true }],
      expected: "  (assumed)\n",
    },
  ])("$name", async ({ guarantees, expected }) => {
    const file = scratch.write("odd.json", exampleFile({ guarantees }));
    const { exitCode, stdout } = await scopegate("prove", "--policy", file);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(expected)]);
  });
});

describe("unusable input is exit code 2, with its place", () => {
  test.each([
    {
      name: "a file that is not there",
      policy: () => `${scratch.path}/none.json`,
      expected: /none\.json: There is no such file/,
    },
    {
      name: "a faulty guarantee",
      policy: () => scratch.write("faulty.json", exampleFile({ guarantees: [{ never: true, clients: ["x"] }] })),
      expected: /faulty\.json:\d+:\d+: There is no client `x`/,
    },
    {
      name: "patterns that overlap in too many ways",
      policy: () => {
        const publicOnly = Array.from({ length: 720 }, (_, at) => [`/p${at}/:b/y`, `/:a/x${at}/z`]).flat();
        const routes = [{ path: "/:a/:b/:c", methods: ["GET"], authenticated: true, upstream: "orders" }];
        return scratch.write("tangled.json", exampleFile({ routes, guarantees: [{ publicOnly }] }));
      },
      expected: /overlap in too many ways.*`\/:name\/:name`/,
    },
  ])("$name", async ({ policy, expected }) => {
    const { exitCode, stdout, stderr } = await scopegate("prove", "--policy", policy());
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(expected);
  });
});

test("--help has an example of a guarantee", async () => {
  const { exitCode, stdout } = await scopegate("prove", "--help");
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('"never": true')]);
});
