import { describe, expect, it } from "vitest";
import { diffSettings } from "../../../../../src/policy/analysis/diff/settings/diff-settings.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const API = "https://api.example";
const READ = `${API}/read:orders`;
const WRITE = `${API}/write:orders`;
const ROUTES = [
  { path: "/orders/:id", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
  { path: "/orders", methods: ["*"], scopes: { allOf: ["read:orders", "write:orders"] }, upstream: "orders" },
];

type Members = Record<string, unknown>;

function policy(grants: unknown, issuer: Members = {}, members: Members = {}) {
  const main = {
    issuer: "https://issuer.example",
    profile: "cognito",
    ...issuer,
    ...(grants !== undefined && { grants }),
  };
  return compiled(policyFileWith({ issuers: { main }, routes: ROUTES, ...members }));
}

function changes(before: ReturnType<typeof policy>, after: ReturnType<typeof policy>) {
  return diffSettings(before, after).map(({ path, ...rest }) => ({ ...rest, path: jsonPath(path) }));
}

const PLACE = "$.issuers.main.grants.groups.staff";

describe("the grants of an issuer", () => {
  it("are looser by a grant more, with a token and a call that show it", () => {
    expect(changes(policy(undefined), policy({ groups: { staff: ["read:orders"] } }))).toEqual([
      {
        kind: "looser",
        path: PLACE,
        message: `"staff" in the claim groups now grants ${READ}. It opens calls such as GET /orders/~any~.`,
        witness: {
          issuer: "main",
          claims: { groups: "staff" },
          scopes: [READ],
          call: { method: "GET", path: "/orders/~any~" },
        },
      },
    ]);
  });

  it("are looser by a grant that opens no call by itself", () => {
    expect(changes(policy(undefined), policy({ groups: { staff: ["write:orders"] } }))).toEqual([
      {
        kind: "looser",
        path: PLACE,
        message: `"staff" in the claim groups now grants ${WRITE}. No call was found that it opens by itself.`,
        witness: { issuer: "main", claims: { groups: "staff" }, scopes: [WRITE] },
      },
    ]);
  });

  it("open what a value could not do before, by a scope more", () => {
    const [change] = changes(policy({ groups: { staff: ["write:orders"] } }), policy({ groups: { staff: ["*"] } }));
    expect(change?.witness).toEqual({
      issuer: "main",
      claims: { groups: "staff" },
      scopes: [READ],
      call: { method: "GET", path: "/orders/~any~" },
    });
  });

  it("open what the value's own condition asks for, too", () => {
    const scopes = { allOf: ["read:orders", { claim: "groups", in: ["staff"] }] };
    const routes = { routes: [{ ...ROUTES[0], scopes }] };
    const found = (value: string) =>
      changes(policy(undefined, {}, routes), policy({ groups: { [value]: ["read:orders"] } }, {}, routes))[0];
    expect(found("staff")?.witness?.call).toEqual({ method: "GET", path: "/orders/~any~" });
    expect(found("lead")?.witness).not.toHaveProperty("call");
  });

  it("open no call that asks for a condition, too, or for that alone", () => {
    const condition = { claim: "tier", in: ["gold"] };
    const routes = {
      routes: [
        { ...ROUTES[0], scopes: { allOf: ["read:orders", condition] } },
        { ...ROUTES[1], scopes: [condition] },
      ],
    };
    const [change] = changes(policy(undefined, {}, routes), policy({ groups: { staff: ["*"] } }, {}, routes));
    expect(change?.message).toMatch(/No call was found that it opens by itself\.$/);
    expect(change?.witness).not.toHaveProperty("call");
  });

  it("name the client where only registered ones are accepted", () => {
    const only = { registeredClientsOnly: true };
    const clients = { clients: { none: { scopes: [] }, web: { scopes: ["read:orders"] } } };
    const [change] = changes(policy(undefined, only, clients), policy({ groups: { staff: ["*"] } }, only, clients));
    expect(change?.message).toMatch(/It opens calls such as GET \/orders\/~any~, to the client web\.$/);
    expect(change?.witness).toMatchObject({ client: "web", scopes: [READ, WRITE] });
  });

  it("open nothing where no token is accepted", () => {
    const only = { registeredClientsOnly: true };
    const [change] = changes(policy(undefined, only), policy({ groups: { staff: ["*"] } }, only));
    expect(change?.witness).not.toHaveProperty("call");
  });

  it.each([
    { name: "a value less", after: { groups: { lead: ["read:orders"] } }, expected: ["looser", "tighter"] },
    { name: "a scope less", after: { groups: { staff: ["read:orders"] } }, expected: ["tighter"] },
    { name: "no grants", after: undefined, expected: ["tighter"] },
    { name: "the same in other words", after: { "/groups": { staff: ["write:*", "read:*"] } }, expected: [] },
  ])("change by $name", ({ after, expected }) => {
    const found = changes(policy({ groups: { staff: ["*"] } }), policy(after));
    expect(found.map(({ kind }) => kind)).toEqual(expected);
    for (const { kind, message, witness } of found) {
      if (kind === "tighter")
        expect([message, witness]).toEqual([expect.stringContaining("no longer grants"), undefined]);
    }
  });
});

describe("the claims of an issuer", () => {
  it.each([
    {
      name: "a scope claim more",
      before: { scopeClaim: "scope" },
      after: { scopeClaim: ["scope", "p"] },
      expected: ["looser"],
    },
    { name: "a scope claim less", before: { scopeClaim: ["scope", "p"] }, after: {}, expected: ["tighter"] },
    { name: "another scope claim", before: {}, after: { scopeClaim: "p" }, expected: ["incomparable"] },
    {
      name: "another order of scope claims",
      before: { scopeClaim: ["a", "b"] },
      after: { scopeClaim: ["b", "/a"] },
      expected: [],
    },
    { name: "an audience claim more at the end", before: { audienceClaims: ["aud"] }, after: {}, expected: ["looser"] },
    {
      name: "an audience claim less at the end",
      before: {},
      after: { audienceClaims: ["aud"] },
      expected: ["tighter"],
    },
    {
      name: "an audience claim before the others",
      before: {},
      after: { audienceClaims: ["azp", "aud", "client_id"] },
      expected: ["incomparable"],
    },
    {
      name: "another order of audience claims",
      before: {},
      after: { audienceClaims: ["client_id", "aud"] },
      expected: ["incomparable"],
    },
    {
      name: "the defaults written out",
      before: {},
      after: { audienceClaims: ["aud", "client_id"], scopeClaim: ["scope"] },
      expected: [],
    },
  ])("change by $name", ({ before, after, expected }) => {
    const audiences = { audiences: ["api"] };
    const found = changes(
      policy(undefined, { ...audiences, ...before }),
      policy(undefined, { ...audiences, ...after }),
    );
    expect(found.map(({ kind }) => kind)).toEqual(expected);
  });
});
