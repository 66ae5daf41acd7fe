import { expect, test } from "vitest";
import { accessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { UndecidedError } from "../../../src/policy/analysis/undecided-error.ts";
import { compileForWorker } from "../../../src/policy/compiled/serialize-policy.ts";
import { type Layout, largePolicyFile } from "../../support/policy/large-policy.ts";
import { compiled } from "../../support/policy/policy-file.ts";

/** Three times what a quiet machine needs, so that a busy one passes, too. A quadratic step takes far longer. */
const MAX_CPU_SECONDS = 6;

/** The result, after a check that it took no more CPU time than that. */
function inTime<Result>(run: () => Result): Result {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(MAX_CPU_SECONDS);
  return result;
}

/** The same file with a literal of its own below each resource, so that no two of them are alike. */
function ownLiterals(file: ReturnType<typeof largePolicyFile>) {
  const routes = file.routes.map((route) => ({
    ...route,
    path: route.path.replace(/resource-(\d+)(.*)\/items$/, "resource-$1$2/items-$1"),
  }));
  return { ...file, routes };
}

const GUARANTEES = [
  { publicOnly: [] },
  { under: ["/resource-3", "/:tenant/resource-3"], requires: ["*:things-3"] },
  { clients: ["client-1"], except: [{ methods: ["GET", "HEAD"] }], requires: ["write:*"] },
];

test.each<{ name: string; layout: Layout }>([
  { name: "under the root and a tenant", layout: { prefixes: ["", "/:tenant"] } },
  { name: "of different patterns", layout: { prefixes: [""] } },
  { name: "under the root, a tenant, and a region", layout: { prefixes: ["", "/:tenant", "/:region/:tenant"] } },
  {
    name: "where every route takes a wildcard",
    layout: { scopes: 10_000, clients: 30, requires: () => ["*:things*"] },
  },
])("20,000 routes $name are compiled, proved, compared and shown in seconds", ({ layout }) => {
  const file = largePolicyFile({ ...layout, routes: 20_000, guarantees: GUARANTEES });
  const [dropped, ...routes] = file.routes;
  expect(dropped).toBeDefined();
  const { policy, changed } = inTime(() => ({ policy: compiled(file), changed: compiled({ ...file, routes }) }));
  const steps = new Set<string>();
  expect(inTime(() => prove(policy, (step) => steps.add(step)))).toHaveLength(3);
  expect([...steps]).toContain("proving guarantee 3 of 3");
  expect(inTime(() => diffPolicies(policy, changed)).routes.length).toBeGreaterThan(0);
  expect(inTime(() => accessMatrix(policy, false, (step) => steps.add(step))).rows).toHaveLength(file.routes.length);
  expect([...steps]).toContain("building the matrix");
  // Each requirement is stored once.
  const written = inTime(() => compileForWorker(file, {}));
  expect(written.ok && written.value.routes.requirements.values.length).toBe(
    new Set(policy.routes.map(({ requirement }) => requirement)).size,
  );
});

test("4,000 clients and as many routes are compared in seconds", () => {
  const file = largePolicyFile({ routes: 4_000, clients: 4_000, scopes: 200 });
  const { "client-0": first, ...clients } = file.clients;
  expect(first).toBeDefined();
  const [before, after] = [compiled(file), compiled({ ...file, clients })];
  expect(inTime(() => diffPolicies(before, after)).clients.map(({ client }) => client)).toEqual(["client-0"]);
});

test("hundreds of new resources, each of which takes requests from hundreds of old ones, are compared in seconds", () => {
  const before = compiled(largePolicyFile({ routes: 10_000, prefixes: ["/:tenant"] }));
  const after = compiled(largePolicyFile({ routes: 20_000, prefixes: ["", "/:tenant"] }));
  for (const [old, now, also] of [
    [before, after, /^also from 14\d\d other routes$/],
    [after, before, /^also to 14\d\d other routes$/],
  ] as const) {
    const { routes, clients } = inTime(() => diffPolicies(old, now));
    expect(routes.length).toBeLessThan(30_000);
    expect(routes.filter(({ note }) => note?.match(also)).length).toBeGreaterThan(1_000);
    expect(clients).toHaveLength(10);
  }
});

test("new patterns, each of which combines with many old ones in a way of its own, are given up within 512 MB", () => {
  const before = compiled(ownLiterals(largePolicyFile({ routes: 10_000, prefixes: ["/:tenant"] })));
  const after = compiled(ownLiterals(largePolicyFile({ routes: 20_000, prefixes: ["", "/:tenant"] })));
  const heap = process.memoryUsage().heapUsed;
  let error: unknown;
  try {
    inTime(() => diffPolicies(before, after));
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UndecidedError);
  expect(String(error)).toMatch(/Most overlap: `\/resource-\d+\/:name[^`]*` \(\d+ ways\)/);
  expect((process.memoryUsage().heapUsed - heap) / 2 ** 20).toBeLessThan(512);
});

test("20,000 routes that belong to one of 1,000 resources are compiled in seconds", () => {
  const file = largePolicyFile({ prefixes: [""] });
  const names = Array.from({ length: 1_000 }, (_, at) => [`/resource-${at}`, {}]);
  const { resources } = inTime(() => compiled({ ...file, resources: Object.fromEntries(names) }));
  // Most routes belong to none of them, so to the origin.
  expect(resources.size).toBe(1_001);
});
