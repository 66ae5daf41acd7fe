import { describe, expect, it } from "vitest";
import { decideToken } from "../../../src/cli/replay/decide-token.ts";
import type { HeldScopes } from "../../../src/cli/replay/holding.ts";
import type { ObservedLine } from "../../../src/cli/replay/observed.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const API = "https://api.example";
const issuers = { main: { issuer: "https://issuer.example", profile: "generic", audiences: ["api"] } };
const bound = { main: { ...issuers.main, binding: { mtls: "accepted" } } };
const line = { method: "GET" } as ObservedLine;

/** What a token holds for certain, and what it may hold besides. By short names. */
function held(least: readonly string[], more: readonly string[] = []): HeldScopes {
  const full = (names: readonly string[]) => new Set(names.map((name) => `${API}/${name}`));
  return { kind: "held", issuer: "main", least: full(least), most: full([...least, ...more]) };
}

function decided(members: Readonly<Record<string, unknown>>, token: HeldScopes, read: ObservedLine = line) {
  const route = { path: "/orders/:id", methods: ["GET"], upstream: "orders", ...members };
  const [compiledRoute] = compiled(
    policyFileWith({ issuers: "senderConstrained" in members ? bound : issuers, routes: [route] }),
  ).routes;
  return compiledRoute && decideToken(compiledRoute, read, token);
}

const READ = { scopes: ["read:orders"] };
const OWN = { scopes: { allOf: ["read:orders", { param: "id", equals: "sub" }] } };
const allowed = { isAllowed: true };
const refused = (reason: string | undefined) => ({ isAllowed: false, reason });

describe("an accepted token", () => {
  it.each([
    { name: "is allowed with the scope", route: READ, token: held(["read:orders"]), expected: allowed },
    {
      name: "is refused without it",
      route: READ,
      token: held(["write:orders"]),
      expected: refused("scope-insufficient"),
    },
    { name: "depends on a scope that it may have", route: READ, token: held([], ["read:orders"]), expected: "scope" },
    { name: "depends on a condition", route: OWN, token: held(["read:orders"]), expected: "conditions" },
    {
      name: "is refused for one of several reasons without the scope beside a condition",
      route: OWN,
      token: held([]),
      expected: refused(undefined),
    },
    {
      name: "depends on whether it is bound",
      route: { ...READ, senderConstrained: true },
      token: held(["read:orders"]),
      expected: "binding",
    },
    {
      name: "depends on how its user authenticated",
      route: { ...READ, authentication: { acr: ["mfa"] } },
      token: held(["read:orders"]),
      expected: "authentication",
    },
    { name: "is enough where any token is", route: { authenticated: true }, token: held([]), expected: allowed },
  ])("$name", ({ route, token, expected }) => {
    expect(decided(route, token)).toEqual(expected);
  });
});
