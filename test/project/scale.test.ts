import { expect, test } from "vitest";
import { diffPolicies } from "../../src/policy/analysis/diff/diff-policies.ts";
import { prove } from "../../src/policy/analysis/proof/prove.ts";
import { compiled } from "../support/policy/policy-file.ts";

const ROUTES = 10_000;
const SERVICES = 50;
/** Budget of processor time. Time by the clock would depend on the other load of the machine. */
const BUDGET_MS = 2_000;

const services = Array.from({ length: SERVICES }, (_, at) => `s${at}`);

function largePolicy(extra: Record<string, unknown>) {
  const scopes = services.flatMap((name): [string, unknown][] => [
    [`read:${name}`, ""],
    [`write:${name}`, { description: "", implies: [`read:${name}`] }],
  ]);
  const routes = Array.from({ length: ROUTES / 5 }, (_, at) => {
    const name = `s${at % SERVICES}`;
    const path = `/${name}/r${at}`;
    return [
      { path, methods: ["GET"], scopes: [`read:${name}`], upstream: name },
      { path, methods: ["POST"], scopes: [`write:${name}`], upstream: name },
      {
        path: `${path}/:id`,
        methods: ["GET"],
        scopes: [`read:${name}`, { allOf: ["read:s0", "write:s1"] }],
        upstream: name,
      },
      { path: `${path}/:id`, methods: ["PUT", "DELETE"], scopes: { allOf: [`write:${name}`] }, upstream: name },
      { path: `${path}/:id/*`, methods: ["*"], authenticated: true, upstream: name },
    ];
  }).flat();
  return compiled({
    issuers: { main: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly: true } },
    resourceServers: { api: { scopes: Object.fromEntries(scopes) } },
    clients: Object.fromEntries(
      services.map((name, at) => [
        name,
        { scopes: scopes.filter((_, n) => (n + at) % 3 === 0).map(([scope]) => scope) },
      ]),
    ),
    upstreams: Object.fromEntries(services.map((name) => [name, { url: `https://${name}.example` }])),
    routes,
    ...extra,
  });
}

function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test("a dozen guarantees about ten thousand routes are proven within the budget", () => {
  const policy = largePolicy({
    guarantees: [
      { publicOnly: [] },
      {
        clients: ["s1", "s2"],
        except: [{ methods: ["GET"] }, { under: services.map((name) => `/${name}`) }],
        never: true,
      },
      ...services.slice(0, 10).map((name) => ({ under: [`/${name}`], upstream: name })),
    ],
  });
  let proofs: ReturnType<typeof prove> = [];
  expect(processorMs(() => (proofs = prove(policy)))).toBeLessThan(BUDGET_MS);
  expect(proofs.map(({ breaches }) => breaches.length)).toEqual(Array(12).fill(0));
});

test("two policies of ten thousand routes are compared within the budget", () => {
  const before = largePolicy({});
  const after = largePolicy({
    upstreams: {
      ...Object.fromEntries(services.map((name) => [name, { url: `https://${name}.example` }])),
      s3: { url: "https://moved.example" },
    },
  });
  let changed: readonly unknown[] = [];
  expect(processorMs(() => (changed = diffPolicies(before, after).routes))).toBeLessThan(BUDGET_MS);
  expect(changed).toHaveLength(ROUTES / SERVICES);
});
