import { describe, expect, it } from "vitest";
import { compileBinding, compileMtls } from "../../../../src/policy/compile/issuers/compile-binding.ts";
import { loadCompiledPolicy } from "../../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../../../src/policy/compiled/serialize-policy.ts";
import type { Fault } from "../../../../src/policy/fault.ts";
import {
  BINDING_METHODS,
  BINDING_MODES,
  type Binding,
  bindingOf,
} from "../../../../src/policy/requirements/binding.ts";
import { withIssuer } from "../../../support/policy/lints.ts";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const BOTH = { dpop: "accepted", mtls: "required" } as const;
const route = (members: object) => ({ path: "/x", methods: ["GET"], upstream: "orders", ...members });

function compile(config: Parameters<typeof compileBinding>[0]) {
  const faults: Fault[] = [];
  const binding = compileBinding(config, ["issuers", "main", "binding"], (path, message, hint) =>
    faults.push({ path, message, hint }),
  );
  return { binding, faults };
}

describe("the binding of an issuer", () => {
  it.each<{ name: string; config: Parameters<typeof compileBinding>[0]; expected: Binding | undefined }>([
    { name: "none", config: undefined, expected: undefined },
    { name: "an empty one", config: {}, expected: undefined },
    { name: "one that refuses both", config: { dpop: "refused", mtls: "refused" }, expected: undefined },
    { name: "one of certificates", config: { mtls: "accepted" }, expected: { dpop: "refused", mtls: "accepted" } },
    { name: "one of keys", config: { dpop: "required" }, expected: { dpop: "required", mtls: "refused" } },
    { name: "one of both", config: BOTH, expected: BOTH },
  ])("is compiled: $name", ({ config, expected }) => {
    expect(compile(config)).toEqual({ binding: expected, faults: [] });
  });

  it.each(BINDING_METHODS)("has a fault for an unknown mode of %s, and then accepts nothing", (method) => {
    for (const mode of ["", "Accepted", "optional", "true", "required "]) {
      const { binding, faults } = compile({ [method]: mode });
      expect(binding).toBeUndefined();
      expect(faults).toMatchObject([{ path: ["issuers", "main", "binding", method] }]);
      expect(faults[0]?.hint).toBe(`Write one of ${BINDING_MODES.join(", ")}.`);
    }
  });

  it("always binds tokens if a method is required, and never if both are refused", () => {
    for (const dpop of BINDING_MODES) {
      for (const mtls of BINDING_MODES) {
        const { binding } = compile({ dpop, mtls });
        const modes = new Set([dpop, mtls]);
        expect(bindingOf(binding ? { binding } : {})).toBe(
          modes.has("required") ? "always" : modes.has("accepted") ? "possible" : "never",
        );
      }
    }
  });
});

it.each([
  { name: "without a trust", config: {}, expected: "verified" },
  { name: "with a trust", config: { trust: "binding-only" } as const, expected: "binding-only" },
])("the settings of certificates are compiled: $name", ({ config, expected }) => {
  expect(compileMtls(config)).toEqual({ trust: expected });
});

describe("a file has a fault", () => {
  it.each([
    {
      name: "for a mode that is none",
      members: withIssuer({ binding: { mtls: "on" } }),
      places: ["$.issuers.main.binding.mtls"],
    },
    {
      name: "for a method that is none",
      members: withIssuer({ binding: { tls: "accepted" } }),
      places: ["$.issuers.main.binding.tls"],
    },
    {
      name: "for a binding that is no object",
      members: withIssuer({ binding: "mtls" }),
      places: ["$.issuers.main.binding"],
    },
    { name: "for a trust that is none", members: { mtls: { trust: "none" } }, places: ["$.mtls.trust"] },
    { name: "for an unknown member of mtls", members: { mtls: { ca: "x" } }, places: ["$.mtls.ca"] },
    {
      name: "for a public route that asks for bound tokens",
      members: { routes: [route({ public: true, senderConstrained: true })] },
      places: ["$.routes[0].senderConstrained"],
    },
    {
      name: "for an optional route that asks for bound tokens",
      members: { routes: [route({ optional: true, senderConstrained: true })] },
      places: ["$.routes[0].senderConstrained"],
    },
    {
      name: "for a route that says that it does not ask",
      members: { routes: [route({ authenticated: true, senderConstrained: false })] },
      places: ["$.routes[0].senderConstrained"],
    },
    {
      name: "for a route that asks in another way",
      members: { routes: [route({ authenticated: true, senderConstrained: "yes" })] },
      places: ["$.routes[0].senderConstrained"],
    },
  ])("$name", ({ members, places }) => {
    expect(faultsOf(policyFileWith(members)).map((fault) => fault.split(": ")[0])).toEqual(places);
  });
});

it("comes back from the compiled policy, and a policy without it has no member more", () => {
  const routes = [route({ authenticated: true, senderConstrained: true })];
  const loadedFrom = (members: Readonly<Record<string, unknown>>) => {
    const built = compileForWorker(policyFileWith(members), {});
    if (!built.ok) throw new Error(JSON.stringify(built.failure));
    const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(built.value)), {}, OPTIONAL_MODULES);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
    return loaded.value;
  };
  const members = { ...withIssuer({ binding: { mtls: "required" } }), mtls: { trust: "binding-only" }, routes };
  const loaded = loadedFrom(members);
  const plain = compiled(policyFileWith(members));
  expect(loaded.mtls).toEqual({ trust: "binding-only" });
  expect([...loaded.issuers.values()][0]?.binding).toEqual([...plain.issuers.values()][0]?.binding);
  expect(loaded.table.match("/x")?.byMethod.get("GET")?.requirement).toMatchObject({ senderConstrained: true });
  const without = loadedFrom(withIssuer({ binding: { mtls: "refused" } }));
  expect(without).not.toHaveProperty("mtls");
  expect([...without.issuers.values()][0]).not.toHaveProperty("binding");
});
