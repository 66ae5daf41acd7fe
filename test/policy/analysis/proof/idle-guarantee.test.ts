import { describe, expect, it } from "vitest";
import { idleNotes, selectsServedPaths } from "../../../../src/policy/analysis/proof/idle-guarantee.ts";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

type Members = Record<string, unknown>;

const route = { methods: ["GET", "POST"], scopes: ["read:orders"], upstream: "orders" };
const file = {
  clients: { app: { scopes: ["read:orders"] } },
  routes: [
    { path: "/orders", ...route },
    { path: "/orders/:id", ...route },
    { path: "/api/v1/shops", ...route },
    { path: "/healthz", methods: ["GET"], public: true, upstream: "orders" },
  ],
};

function policyWith(guarantee: Members, members: Members = {}) {
  return compiled(policyFileWith({ ...file, guarantees: [guarantee], ...members }));
}

function notesOf(guarantee: Members, members: Members = {}) {
  const policy = policyWith(guarantee, members);
  return prove(policy).flatMap((proof) => idleNotes(policy, proof));
}

describe("idleNotes", () => {
  it.each([
    { name: "a guarantee that is about calls", guarantee: { under: ["/orders"], never: true } },
    { name: "a guarantee about everything", guarantee: { publicOnly: ["/healthz"] } },
    {
      name: "a client that lacks the scopes",
      guarantee: { clients: ["app"], paths: ["/healthz"], upstream: "orders" },
    },
  ])("has nothing to say about $name", ({ guarantee }) => {
    expect(notesOf(guarantee)).toEqual([]);
  });

  it.each([
    {
      guarantee: { under: ["/ordrs"], never: true },
      message: "No route serves a call under `/ordrs`.",
      hint: "Did you mean `/orders`?",
      isLikelyMistake: true,
    },
    {
      guarantee: { paths: ["/orders:7"], never: true },
      message: "No route serves a call on `/orders:7`.",
      hint: "Did you mean `/orders`?",
      isLikelyMistake: true,
    },
    {
      guarantee: { under: ["/apiv1/shops"], requires: ["read:orders"] },
      message: "No route serves a call under `/apiv1/shops`.",
      hint: "Did you mean `/api/v1/shops`?",
      isLikelyMistake: true,
    },
    {
      guarantee: { paths: ["/Orders"], never: true },
      message: "No route serves a call on `/Orders`.",
      hint: "Did you mean `/orders`?",
      isLikelyMistake: false,
    },
    {
      guarantee: { paths: ["/orders/"], never: true },
      message: "No route serves a call on `/orders/`.",
      hint: "Did you mean `/orders`?",
      isLikelyMistake: false,
    },
    {
      guarantee: { under: ["/api/v2"], never: true },
      message: "No route serves a call under `/api/v2`.",
      hint: "Did you mean `/api/v1`?",
      isLikelyMistake: false,
    },
    {
      guarantee: { under: ["/api/vx"], never: true },
      message: "No route serves a call under `/api/vx`.",
      hint: "Did you mean `/api/v1`?",
      isLikelyMistake: true,
    },
    {
      guarantee: { under: ["/odrers"], never: true },
      message: "No route serves a call under `/odrers`.",
      hint: "Did you mean `/orders`?",
      isLikelyMistake: true,
    },
    {
      guarantee: { publicOnly: ["/", "/*"] },
      message: "Every call is on a path that `publicOnly` lists.",
      hint: "List fewer paths.",
      isLikelyMistake: true,
    },
    {
      guarantee: { under: ["/healthz", "/orders"], except: [{ under: ["/orders"] }], publicOnly: ["/healthz"] },
      message: "Every call that its exceptions do not leave out is on a path that `publicOnly` lists.",
      hint: "List fewer paths.",
      isLikelyMistake: true,
    },
    {
      guarantee: { under: ["/internal"], never: true },
      message: "No route serves a call under `/internal`.",
      hint: "Check the path. Routes begin with `/orders`, `/api`, `/healthz`.",
      isLikelyMistake: false,
    },
    {
      guarantee: { under: ["/api/v1/customers"], never: true },
      message: "No route serves a call under `/api/v1/customers`.",
      hint: "The nearest path that leads to routes is `/api/v1`.",
      isLikelyMistake: false,
    },
    {
      guarantee: { paths: ["/orders"], methods: ["PUST"], never: true },
      message: "No route serves these methods on these paths.",
      hint: "Did you mean `POST`?",
      isLikelyMistake: true,
    },
    {
      guarantee: { paths: ["/orders"], methods: ["DELETE"], never: true },
      message: "No route serves these methods on these paths.",
      hint: "Check `methods`.",
      isLikelyMistake: false,
    },
    {
      guarantee: { paths: ["/orders"], except: [{ methods: ["GET", "POST"] }], never: true },
      message: "Its exceptions leave out every call.",
      hint: "Remove an exception or make it narrower.",
      isLikelyMistake: true,
    },
  ])("says of $guarantee: $message $hint", ({ guarantee, ...expected }) => {
    expect(notesOf(guarantee)).toEqual([expected]);
  });

  it("says of clients whose tokens the gateway refuses that nobody can make the calls", () => {
    const issuers = { main: { issuer: "https://issuer.example", profile: "cognito", audiences: ["other"] } };
    expect(notesOf({ clients: ["app"], under: ["/orders"], never: true }, { issuers })).toMatchObject([
      { message: expect.stringContaining("accepts no token of its clients"), isLikelyMistake: false },
    ]);
  });

  it.each([
    { guarantee: { issuers: ["partner"] }, message: "accepts no token of its issuers", isLikelyMistake: false },
    {
      guarantee: { issuers: ["partner"], clients: ["app"] },
      message: "The gateway accepts no token that one of its issuers gives",
      isLikelyMistake: true,
    },
  ])("says of $guarantee that no token is left", ({ guarantee, message, isLikelyMistake }) => {
    const cognito = (issuer: string) => ({ issuer, profile: "cognito", registeredClientsOnly: true });
    const issuers = { main: cognito("https://issuer.example"), partner: cognito("https://partner.example") };
    const clients = { app: { issuer: "main", scopes: [] } };
    expect(notesOf({ ...guarantee, under: ["/orders"], never: true }, { issuers, clients })).toMatchObject([
      { message: expect.stringContaining(message), isLikelyMistake },
    ]);
  });

  it("names each path of nothing beside one of something", () => {
    expect(notesOf({ paths: ["/orders", "/orderz"], under: ["/helthz"], never: true }).map(({ hint }) => hint)).toEqual(
      ["Did you mean `/orders`?", "Did you mean `/healthz`?"],
    );
  });

  it("says first that all of it is idle, where several paths are of nothing", () => {
    expect(notesOf({ under: ["/a", "/b"], never: true }).map(({ message }) => message)).toEqual([
      "No route serves any of these calls.",
      "No route serves a call under `/a`.",
      "No route serves a call under `/b`.",
    ]);
  });
});

describe("selectsServedPaths", () => {
  it.each([
    { name: "no paths", paths: undefined, expected: true },
    { name: "one of two", paths: { patterns: ["/nowhere"], under: ["/api"] }, expected: true },
    { name: "none", paths: { patterns: ["/nowhere"], under: ["/elsewhere"] }, expected: false },
  ])("answers $name with $expected", ({ paths, expected }) => {
    expect(selectsServedPaths(policyWith({ never: true }), { paths, hosts: undefined })).toBe(expected);
  });
});
