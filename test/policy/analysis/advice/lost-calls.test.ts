import { expect, it } from "vitest";
import { lostCalls } from "../../../../src/policy/analysis/advice/lost-calls.ts";
import { NO_CALLS } from "../../../../src/policy/analysis/advice/observation.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const DECLARED = { read: "", audit: "", write: { description: "", implies: ["read"] } };
const OWNER = { param: "id", equals: "sub" };

function lost(scopes: unknown, granted: string, before: string, after: string, isPermitted = true, isTold = true) {
  const policy = compiled(
    policyFileWith({
      resourceServers: { s: { scopes: DECLARED } },
      routes: [{ path: "/:id", methods: ["GET"], scopes, upstream: "orders" }],
    }),
  );
  const [issuer] = policy.issuers.values();
  const [route] = policy.routes;
  if (issuer === undefined || route === undefined) throw new Error("no route");
  const names = (text: string) =>
    text
      .split(" ")
      .filter(Boolean)
      .map((name) => `s/${name}`);
  const once = { seen: 1, requests: 1 };
  const observation = {
    route,
    requirements: isTold ? [route.requirement] : [],
    granted: names(granted),
    permitted: isPermitted ? once : NO_CALLS,
    refused: isPermitted ? NO_CALLS : once,
  };
  return lostCalls(policy, issuer, [observation], new Set(names(before)), new Set(names(after))).length;
}

it.each([
  {
    name: "loses a call whose scope is gone",
    scopes: ["read"],
    granted: "read",
    before: "read",
    after: "",
    expected: 1,
  },
  {
    name: "keeps a call that another scope of its token is enough for",
    scopes: ["read"],
    granted: "read write",
    before: "read write",
    after: "write",
    expected: 0,
  },
  {
    name: "loses a call whose token lacks that scope",
    scopes: ["read"],
    granted: "read",
    before: "read write",
    after: "write",
    expected: 1,
  },
  {
    name: "keeps a call that the registration was not enough for",
    scopes: ["audit"],
    granted: "audit read",
    before: "read",
    after: "",
    expected: 0,
  },
  {
    name: "loses a call that may have met no condition",
    scopes: ["audit", { allOf: ["read", OWNER] }],
    granted: "audit read",
    before: "audit read",
    after: "read",
    expected: 1,
  },
  {
    name: "keeps a call that must have met its condition",
    scopes: ["audit", { allOf: ["read", OWNER] }],
    granted: "read",
    before: "audit read",
    after: "read",
    expected: 0,
  },
])("$name", ({ scopes, granted, before, after, expected }) => {
  expect(lost(scopes, granted, before, after)).toBe(expected);
});

it("loses no call that was refused", () => {
  expect(lost(["read"], "read", "read", "", false)).toBe(0);
});

it.each([
  { name: "loses a call of which nobody can tell what it needed", after: "audit", expected: 1 },
  { name: "keeps it as long as its token has all its scopes", after: "read", expected: 0 },
])("$name", ({ after, expected }) => {
  expect(lost(["read"], "read", "read audit", after, true, false)).toBe(expected);
});
