import { describe, expect, it } from "vitest";
import { diffDelivery, diffUpstreams } from "../../../../src/policy/analysis/diff/diff-upstreams.ts";
import type { Note } from "../../../../src/policy/analysis/diff/setting-change.ts";
import type { Upstream } from "../../../../src/policy/policy.ts";

const SETTINGS = { name: "orders", timeoutMs: 10_000, forwardAuthorization: false, allowPathParameters: false };
const URL_UPSTREAM: Upstream = { ...SETTINGS, kind: "url", origin: "https://one.example", pathPrefix: "" };
const SERVICE: Upstream = { ...SETTINGS, kind: "service", binding: "ORDERS" };

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
    { name: "moves to a service", is: SERVICE, expected: ["moved from https://one.example to service ORDERS"] },
    {
      name: "moves, and with the token",
      is: { ...SERVICE, forwardAuthorization: true },
      expected: [
        "moved from https://one.example to service ORDERS",
        "headers the caller's Authorization is now passed on",
      ],
    },
  ])("$name", ({ is, expected }) => {
    expect(diffDelivery(URL_UPSTREAM, is).map(({ kind, note }) => `${kind} ${note}`)).toEqual(expected);
  });

  it("moves to another service binding", () => {
    const [change] = diffDelivery(SERVICE, { ...SERVICE, binding: "STOCK" });
    expect(change).toEqual({ kind: "moved", note: "from service ORDERS to service STOCK" });
  });
});

it("upstreams of one name are compared by their time limit, others are not", () => {
  const changes: string[] = [];
  const note: Note = (kind, path, message) => changes.push(`${kind} ${path.join(".")} ${message}`);
  const policyOf = (...upstreams: Upstream[]) => ({ upstreams: new Map(upstreams.map((it) => [it.name, it])) });
  diffUpstreams(policyOf(URL_UPSTREAM), policyOf({ ...SERVICE, timeoutMs: 1 }, { ...SERVICE, name: "new" }), note);
  expect(changes).toEqual(["other upstreams.orders.timeoutMs Changed from 10000 to 1."]);
});
