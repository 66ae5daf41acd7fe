import { expect, it } from "vitest";
import { lintPolicy } from "../../../../../../src/policy/analysis/lint/lint-policy.ts";
import { jsonPath } from "../../../../../../src/policy/fault.ts";
import { compiled, policyFileWith } from "../../../../../support/policy/policy-file.ts";

const ISSUERS = {
  pool: { issuer: "https://pool.example", profile: "cognito" },
  entra: { issuer: "https://entra.example", profile: "generic", audiences: ["api"] },
};

function messagesOf(scopes: readonly unknown[], issuers?: readonly string[]): readonly string[] {
  const route = { path: "/users/:id", methods: ["GET"], scopes, upstream: "orders", ...(issuers && { issuers }) };
  const policy = compiled(policyFileWith({ issuers: ISSUERS, routes: [route] }));
  return lintPolicy(policy, { routes: [], issuers: {} }).lints.flatMap(({ code, message, hint }) =>
    code === "unfamiliar-claim" ? [`${message} ${hint}`] : [],
  );
}

const told = (claim: string, hint: string) => [
  `No access token of the accepted issuers is known to have the claim \`${claim}\`. ${hint}`,
];
const LOOK =
  "Look at a real access token: many claims are in ID tokens only. If the issuer is configured to add this claim, there is nothing to do.";

it.each([
  { name: "a claim of every token", scopes: [{ param: "id", equals: "sub" }], expected: [] },
  { name: "a claim of one of the profiles", scopes: [{ claim: "tid", in: ["a"] }], expected: [] },
  {
    name: "a claim of a profile that the route does not accept",
    scopes: [{ claim: "tid", in: ["a"] }],
    issuers: ["pool"],
    expected: told("tid", LOOK),
  },
  {
    name: "a claim of ID tokens",
    scopes: [{ claim: "email", in: ["a"] }],
    issuers: ["pool"],
    expected: told("email", LOOK),
  },
  {
    name: "a misspelt claim",
    scopes: [{ claim: "usernam", in: ["a"] }],
    expected: told("usernam", "Did you mean `username`?"),
  },
  {
    name: "a claim that nobody writes",
    scopes: [{ claim: "/shop/tier", in: ["a"] }],
    expected: told("/shop/tier", LOOK),
  },
  { name: "a claim whose name is a URL", scopes: [{ claim: "https://shop.example/tier", in: ["a"] }], expected: [] },
  {
    name: "one claim twice",
    scopes: [
      { claim: "/shop/tier", in: ["a"] },
      { claim: "/shop/name", in: ["a"] },
    ],
    expected: told("/shop/tier", LOOK),
  },
])("$name", ({ scopes, issuers, expected }) => {
  expect(messagesOf(scopes, issuers)).toEqual(expected);
});

it.each([
  { name: "a claim of every token", by: "claim:sub", expected: [] },
  { name: "a claim of one of the profiles", by: "claim:tid", expected: [] },
  { name: "a claim whose name is a URL", by: "claim:https://shop.example/org", expected: [] },
  { name: "the client, which is no claim", by: "client", expected: [] },
  {
    name: "a claim of a profile that the route does not accept",
    by: "claim:tid",
    members: { issuers: ["pool"] },
    expected: [`$.rateLimits.calls.by tid ${LOOK}`],
  },
  {
    name: "a claim of a profile that the route with a token only does not accept",
    by: "claim:tid",
    members: { scopes: undefined, authenticated: true, issuers: ["pool"] },
    expected: [`$.rateLimits.calls.by tid ${LOOK}`],
  },
  {
    name: "a misspelt claim",
    by: "claim:usernam",
    expected: ["$.rateLimits.calls.by usernam Did you mean `username`?"],
  },
  {
    name: "a claim that nobody writes, in two routes",
    by: "claim:/org/id",
    routes: 2,
    expected: [`$.rateLimits.calls.by /org/id ${LOOK}`],
  },
  { name: "no limit that no route names", by: "claim:/org/id", routes: 0, expected: [] },
])("of a rate limit: $name", ({ by, members = {}, routes = 1, expected }) => {
  const limited = Array.from({ length: routes }, (_, at) =>
    withoutGaps({
      path: `/${at}`,
      methods: ["GET"],
      scopes: ["read:orders"],
      rateLimit: ["calls"],
      upstream: "orders",
      ...members,
    }),
  );
  const open = { path: "/open", methods: ["GET"], authenticated: true, upstream: "orders" };
  const rateLimits = { calls: { binding: "RL", limit: 100, periodSeconds: 60, by } };
  const policy = compiled(policyFileWith({ issuers: ISSUERS, rateLimits, routes: [...limited, open] }));
  const found = lintPolicy(policy, { routes: [] }).lints.filter(({ code }) => code === "unfamiliar-claim");
  const told = (claim: string) =>
    `No access token of the accepted issuers is known to have the claim \`${claim}\`. Requests without it are counted by their client.`;
  expect(found.map(({ path, message, hint }) => ({ path: jsonPath(path), message, hint }))).toEqual(
    expected.map((line) => {
      const [path, claim = "", ...hint] = line.split(" ");
      return { path, message: told(claim), hint: hint.join(" ") };
    }),
  );
});

/** The members that are not `undefined`. */
function withoutGaps(members: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

it("looks at the conditions of MCP messages", () => {
  const guarded = { scopes: { allOf: ["read:orders", { claim: "/shop/tier", in: ["a"] }] } };
  const mcp = { methods: { "tools/list": { scopes: ["read:orders"] } }, tools: { create_order: guarded } };
  const route = { path: "/mcp", mcp, upstream: "orders" };
  const { entra } = ISSUERS;
  const policy = compiled(policyFileWith({ issuers: { entra }, routes: [route], publicUrl: "https://gw.example" }));
  const found = lintPolicy(policy, { routes: [] }).lints.filter(({ code }) => code === "unfamiliar-claim");
  expect(found.map(({ path }) => jsonPath(path))).toEqual(["$.routes[0].mcp"]);
});
