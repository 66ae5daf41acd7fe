/** How rate limits are stored for the Worker and loaded there. */
import { describe, expect, it } from "vitest";
import { buildPolicy } from "../../../src/policy/compiled/build-policy.ts";
import type { BuiltPolicy } from "../../../src/policy/compiled/compiled-policy.ts";
import { loadCompiledPolicy } from "../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../src/policy/compiled/optional-modules.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const LIMIT = { binding: "RL", limit: 100, periodSeconds: 60, by: "client" };
const LIMITS = { slow: LIMIT, fast: { ...LIMIT, binding: "FAST", periodSeconds: 10 }, unused: LIMIT };
const ROUTE = { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
const file = (names: readonly string[] = ["slow", "fast"], rateLimits: object = LIMITS) =>
  policyFileWith({
    rateLimits,
    routes: [
      { ...ROUTE, rateLimit: names },
      { ...ROUTE, path: "/free" },
    ],
  });

async function build(config: unknown): Promise<BuiltPolicy> {
  const built = await buildPolicy(config, {});
  if (!built.ok) throw new Error("The policy compiles.");
  return built.value;
}

function load(built: BuiltPolicy) {
  // As the Worker gets it.
  const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(built)), {}, OPTIONAL_MODULES);
  if (!loaded.ok) throw new Error("The policy loads.");
  return loaded.value;
}

describe("a policy with rate limits", () => {
  it("has the same limits in the Worker, on the same routes", async () => {
    const policy = compiled(file());
    const served = load(await build(file()));
    expect(served.rateLimits).toEqual(policy.routes[0]?.rateLimits);
    expect(served.rateLimits?.map(({ name }) => name)).toEqual(["fast", "slow"]);
    const route = served.table.match("/orders")?.byMethod.get("GET");
    expect(route?.rateLimits).toEqual(policy.routes[0]?.rateLimits);
    expect(served.table.match("/free")?.byMethod.get("GET")).not.toHaveProperty("rateLimits");
  });

  it("never serves a route that lost its limits", async () => {
    const built = await build(file());
    const damaged = { ...built, routes: { ...built.routes, rateLimits: { values: [], indices: [] } } };
    expect(() => load(damaged).table.match("/orders")).toThrow();
  });

  it("has another digest with other limits, and the same one in another order", async () => {
    const digest = async (config: unknown) => (await build(config)).digest;
    const base = await digest(file());
    const { slow, fast, unused } = LIMITS;
    expect(await digest(file(["fast", "slow"], { unused, fast, slow }))).toBe(base);
    expect(await digest(file(undefined, { slow, fast }))).toBe(base);
    for (const other of [
      file(["slow"]),
      file(undefined, { slow: { ...slow, by: "subject" }, fast }),
      file(undefined, { slow: { ...slow, limit: 101 }, fast }),
    ]) {
      expect(await digest(other)).not.toBe(base);
    }
  });

  it("is stored as before if no route names a limit", async () => {
    const plain = policyFileWith({ routes: [ROUTE] });
    const unused = { ...plain, rateLimits: LIMITS };
    expect(JSON.stringify(await build(unused))).toBe(JSON.stringify(await build(plain)));
    expect(JSON.stringify(await build(plain))).not.toContain("imit");
  });
});
