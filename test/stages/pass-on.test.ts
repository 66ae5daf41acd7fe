import { describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { Exchange } from "../../src/exchange.ts";
import { createPassOn, type LimitPauses } from "../../src/stages/pass-on.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

interface Case {
  readonly answer?: Readonly<Record<string, string>>;
  readonly isProtected?: boolean;
  readonly wouldDeny?: Denial;
  readonly route?: Readonly<Record<string, unknown>>;
  readonly upstream?: Readonly<Record<string, unknown>>;
}

function passedOn({ answer = {}, isProtected = false, wouldDeny, route = { public: true }, upstream = {} }: Case) {
  const policy = compiled(
    policyFileWith({
      upstreams: { orders: { url: "https://orders.example/v2", ...upstream } },
      routes: [{ path: "/orders", methods: ["GET"], upstream: "orders", ...route }],
    }),
  );
  const [served] = policy.routes;
  if (served === undefined) throw new Error("The policy has no route.");
  const limited: number[] = [];
  const limitPauses: LimitPauses = (response, idleTimeoutMs) => {
    limited.push(idleTimeoutMs);
    return response;
  };
  const context = { policy: {}, challenge: () => undefined, log: () => {}, version: undefined, now: () => 0 };
  const exchange = new Exchange(new Request("https://gw.example/orders"), context);
  exchange.wouldDeny = wouldDeny;
  const upstreamResponse = new Response("[]", { headers: answer });
  const place = { route: served, path: "/orders", sentPath: "/v2/orders", isProtected };
  const response = createPassOn(policy, limitPauses)(exchange, upstreamResponse, place);
  return { response, limited, isUnmapped: exchange.locationUnmapped };
}

describe("an answer that is passed on", () => {
  it.each([
    { name: "may be cached by anyone if the request had no token", given: {}, cacheControl: null },
    {
      name: "may be cached by nobody if the request had a token",
      given: { isProtected: true },
      cacheControl: "private, no-store",
    },
    {
      name: "may be cached by nobody if its route only reports",
      given: { wouldDeny: new Denial("credentials-missing"), answer: { "cache-control": "max-age=60" } },
      cacheControl: "private, no-store",
    },
  ])("$name", ({ given, cacheControl }) => {
    expect(passedOn(given).response.headers.get("cache-control")).toBe(cacheControl);
  });

  it.each([
    { name: "varies by the token where one is optional", route: { optional: true }, vary: "Authorization" },
    { name: "does not where none is read", route: { public: true }, vary: null },
  ])("$name", ({ route, vary }) => {
    expect(passedOn({ route }).response.headers.get("vary")).toBe(vary);
  });

  it.each([
    {
      name: "names the gateway instead of the upstream",
      location: "https://orders.example/v2/orders/7",
      expected: "https://gw.example/orders/7",
      isUnmapped: false,
    },
    {
      name: "names a third party as it is",
      location: "https://other.example/x",
      expected: "https://other.example/x",
      isUnmapped: false,
    },
    {
      name: "says that an address has no way back",
      location: "/v1/orders/7",
      expected: "/v1/orders/7",
      isUnmapped: true,
    },
  ])("$name", ({ location, expected, isUnmapped }) => {
    const found = passedOn({ answer: { location } });
    expect([found.response.headers.get("location"), found.isUnmapped]).toEqual([expected, isUnmapped]);
  });

  it.each([
    { name: "may pause as long as its upstream says", upstream: { idleTimeoutMs: 5000 }, limited: [5000] },
    { name: "may pause for ever if its upstream says nothing", upstream: {}, limited: [] },
  ])("$name", ({ upstream, limited }) => {
    expect(passedOn({ upstream }).limited).toEqual(limited);
  });
});
