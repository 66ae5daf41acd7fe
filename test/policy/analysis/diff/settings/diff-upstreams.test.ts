import { describe, expect, it } from "vitest";
import { diffDelivery, diffUpstreams } from "../../../../../src/policy/analysis/diff/settings/diff-upstreams.ts";
import type { Note } from "../../../../../src/policy/analysis/diff/settings/setting-change.ts";
import type { Requirement, Upstream } from "../../../../../src/policy/policy.ts";
import { serviceUpstream, urlUpstream } from "../../../../support/policy/upstreams.ts";

const URL_UPSTREAM = urlUpstream("orders", "https://one.example");
const SERVICE = serviceUpstream("orders", "ORDERS");

const delivery = (upstream: Upstream, kind: "authenticated" | "public" = "authenticated") => ({
  upstream,
  requirement: { kind } satisfies Requirement,
});

describe("the delivery of a request", () => {
  it.each<{ name: string; is: Upstream; expected: string[] }>([
    { name: "stays the same", is: URL_UPSTREAM, expected: [] },
    { name: "does not depend on the name", is: { ...URL_UPSTREAM, name: "other" }, expected: [] },
    { name: "does not change with the time limit", is: { ...URL_UPSTREAM, timeoutMs: 1 }, expected: [] },
    {
      name: "moves to another origin",
      is: { ...URL_UPSTREAM, origin: "https://two.example" },
      expected: ["moved from https://one.example to https://two.example"],
    },
    {
      name: "moves to another prefix",
      is: { ...URL_UPSTREAM, pathPrefix: "/v2" },
      expected: ["moved from https://one.example to https://one.example/v2"],
    },
    {
      name: "moves behind a binding",
      is: { ...URL_UPSTREAM, via: "ERP_VPC" },
      expected: ["moved from https://one.example to https://one.example through ERP_VPC"],
    },
    { name: "does not change with a retry", is: { ...URL_UPSTREAM, retry: true }, expected: [] },
    { name: "does not change with a limit of pauses", is: { ...URL_UPSTREAM, idleTimeoutMs: 1 }, expected: [] },
    { name: "moves to a service", is: SERVICE, expected: ["moved from https://one.example to service ORDERS"] },
    {
      name: "moves, and with the token",
      is: { ...SERVICE, forwardAuthorization: true },
      expected: [
        "moved from https://one.example to service ORDERS",
        "token-forwarding the caller's Authorization is now passed on",
      ],
    },
    {
      name: "brings another header of the caller",
      is: { ...URL_UPSTREAM, allowHeaderNames: new Set(["x_legacy", "api_key"]) },
      expected: ["looser the caller's x_legacy, api_key is now passed on"],
    },
    {
      name: "brings headers back that act on the whole origin",
      is: { ...URL_UPSTREAM, originWide: true },
      expected: ["looser its headers that act on the whole origin now reach callers"],
    },
  ])("$name", ({ is, expected }) => {
    expect(diffDelivery(delivery(URL_UPSTREAM), delivery(is)).map(({ kind, note }) => `${kind} ${note}`)).toEqual(
      expected,
    );
  });

  it("moves to another service binding", () => {
    const [change] = diffDelivery(delivery(SERVICE), delivery({ ...SERVICE, binding: "STOCK" }));
    expect(change).toEqual({ kind: "moved", note: "from service ORDERS to service STOCK" });
  });

  const fixed = (header: string, text: string) => ({ header, value: { kind: "text", text } }) as const;
  const secret = (header: string, name: string) => ({ header, value: { kind: "secret", secret: name } }) as const;
  it.each<{ name: string; was: Upstream["headers"]; is: Upstream["headers"]; expected: string[] }>([
    {
      name: "gains one",
      was: [],
      is: [fixed("x-env", "prod")],
      expected: ["headers x-env is now set by the gateway"],
    },
    {
      name: "loses one that callers cannot send",
      was: [secret("cf-access-client-secret", "S")],
      is: [],
      expected: ["headers cf-access-client-secret is no longer set by the gateway"],
    },
    {
      name: "loses one that callers can send from now on",
      was: [fixed("x-env", "prod")],
      is: [],
      expected: ["looser x-env is no longer set by the gateway; x-env of the caller is now passed on"],
    },
    {
      name: "loses one with a name that no caller can send",
      was: [fixed("x_env", "prod")],
      is: [],
      expected: ["headers x_env is no longer set by the gateway"],
    },
    {
      name: "has another value, which the note does not show",
      was: [fixed("x-env", "prod-1")],
      is: [fixed("x-env", "prod-2")],
      expected: ["headers x-env has another value or secret now"],
    },
    {
      name: "has another secret",
      was: [secret("x-key", "OLD")],
      is: [secret("x-key", "NEW")],
      expected: ["headers x-key has another value or secret now"],
    },
    {
      name: "is the same in another order",
      was: [secret("x-key", "K"), fixed("x-env", "prod")],
      is: [fixed("x-env", "prod"), secret("x-key", "K")],
      expected: [],
    },
  ])("$name of the headers that the gateway sets", ({ was, is, expected }) => {
    const [before, after] = [was, is].map((headers) => delivery({ ...URL_UPSTREAM, headers }));
    expect(before && after && diffDelivery(before, after).map(({ kind, note }) => `${kind} ${note}`)).toEqual(expected);
  });

  it.each([
    { name: "the last of them", was: ["x_legacy"], is: [], expected: ["the caller's x_legacy is no longer passed on"] },
    {
      name: "one for another",
      was: ["x_legacy", "x_kept"],
      is: ["x_kept", "x_new"],
      expected: ["the caller's x_new is now passed on; the caller's x_legacy is no longer passed on"],
    },
    { name: "none, in another order", was: ["x_a", "x_b"], is: ["x_b", "x_a"], expected: [] },
  ])("gives up names of callers' headers: $name", ({ was, is, expected }) => {
    const [before, after] = [was, is].map((names) => delivery({ ...SERVICE, allowHeaderNames: new Set(names) }));
    expect(before && after && diffDelivery(before, after).map(({ note }) => note)).toEqual(expected);
  });

  it("keeps back headers that act on the whole origin", () => {
    const notes = diffDelivery(delivery({ ...SERVICE, originWide: true }), delivery(SERVICE)).map(({ note }) => note);
    expect(notes).toEqual(["its headers that act on the whole origin no longer reach callers"]);
  });

  it.each<{ name: string; was: "authenticated" | "public"; is: "authenticated" | "public"; expected: string[] }>([
    { name: "not on a public route", was: "public", is: "public", expected: [] },
    {
      name: "no longer once the route is public",
      was: "authenticated",
      is: "public",
      expected: ["no longer passed on"],
    },
    { name: "from then on when it is protected", was: "public", is: "authenticated", expected: ["now passed on"] },
  ])("brings the caller's Authorization $name", ({ was, is, expected }) => {
    const trusted = { ...SERVICE, forwardAuthorization: true };
    const notes = diffDelivery(delivery(trusted, was), delivery(trusted, is)).map(({ note }) => note);
    expect(notes).toEqual(expected.map((change) => `the caller's Authorization is ${change}`));
    expect(diffDelivery(delivery(SERVICE, "public"), delivery(trusted, "public"))).toEqual([]);
  });
});

it("upstreams of one name are compared by their time limit, others are not", () => {
  const changes: string[] = [];
  const note: Note = (kind, path, message) => changes.push(`${kind} ${path.join(".")} ${message}`);
  const policyOf = (...upstreams: Upstream[]) => ({ upstreams: new Map(upstreams.map((it) => [it.name, it])) });
  diffUpstreams(policyOf(URL_UPSTREAM), policyOf({ ...SERVICE, timeoutMs: 1 }, { ...SERVICE, name: "new" }), note);
  expect(changes).toEqual(["other upstreams.orders.timeoutMs Changed from 10000 to 1."]);
});
