/**
 * An MCP route that only reports lets every message through, also those that no entry covers, and refuses what is no
 * message. `prove` held guarantees about such messages, and `diff` was silent where an ordinary route took its place,
 * or the reverse.
 */
import { expect, it } from "vitest";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const UNTIL = { report: { until: "2999-01-01" } };
const reading = { scopes: ["read:orders"] };
const prompts = { path: "/mcp", upstream: "orders", mcp: { prompts: { pick: reading } } };
const everything = {
  path: "/mcp",
  upstream: "orders",
  mcp: {
    ...{ methods: { "*": reading }, tools: { "*": reading }, resources: { "*": reading }, prompts: { "*": reading } },
    replies: reading,
  },
};
const open = { path: "/mcp", methods: ["POST"], public: true, upstream: "orders" };
const guarded = { path: "/mcp", methods: ["POST"], ...reading, upstream: "orders" };

function policyOf(route: object, guarantees: readonly object[] = []): Policy {
  return compiled(policyFileWith({ routes: [route], guarantees }));
}

it.each([
  { name: "a method that names resources", mcp: { methods: ["resources/subscribe"] }, found: "resources/subscribe" },
  { name: "calls of every tool", mcp: { methods: ["tools/call"] }, found: "tools/call" },
  { name: "a tool", mcp: { tools: ["delete_*"] }, found: "tools/call" },
  { name: "a method of no table", mcp: { methods: ["logging/*"] }, found: "logging/x" },
])("a guarantee about $name breaks while the route only reports", ({ mcp, found }) => {
  const guarantee = { mcp, never: true };
  const [proof] = prove(policyOf({ ...prompts, ...UNTIL }, [guarantee]));
  expect(proof?.breaches.map(({ mcp: message }) => message)).toEqual([expect.objectContaining({ method: found })]);
  expect(prove(policyOf(prompts, [guarantee]))[0]?.breaches).toEqual([]);
});

it("a reply breaks a guarantee that leaves out every method", () => {
  const guarantee = { except: [{ mcp: { methods: ["*"] } }], never: true };
  const [proof] = prove(policyOf({ ...prompts, ...UNTIL }, [guarantee]));
  expect(proof?.breaches).toMatchObject([{ method: "POST", path: "/mcp", mcp: { reply: true } }]);
});

const UNREAD = "the gateway no longer reads messages";
const NO_MESSAGE = "without an MCP message";
it.each([
  { name: "open -> reporting", before: open, after: { ...prompts, ...UNTIL }, told: [["removed", NO_MESSAGE]] },
  { name: "reporting -> open", before: { ...prompts, ...UNTIL }, after: open, told: [["opened", UNREAD]] },
  { name: "reporting -> reporting", before: { ...prompts, ...UNTIL }, after: { ...everything, ...UNTIL }, told: [] },
  {
    name: "guarded -> reporting",
    before: guarded,
    after: { ...prompts, ...UNTIL },
    told: [["removed", NO_MESSAGE]],
  },
  { name: "reporting -> guarded", before: { ...prompts, ...UNTIL }, after: guarded, told: [["looser", UNREAD]] },
])("what is no message is compared by itself: $name", ({ before, after, told }) => {
  const { routes } = diffPolicies(policyOf(before), policyOf(after));
  expect(routes.flatMap(({ kind, note }) => (note === undefined ? [] : [[kind, note]]))).toEqual(told);
});

it.each([
  { name: "one table lacks the rest", route: prompts, isLeft: true },
  { name: "every message is listed", route: everything, isLeft: false },
])("messages that no entry covers are told only if there are some: $name", ({ route, isLeft }) => {
  const { routes } = diffPolicies(policyOf(route), policyOf({ ...route, ...UNTIL }));
  expect(routes.some(({ kind, mcp }) => kind === "opened" && mcp === undefined)).toBe(isLeft);
});
