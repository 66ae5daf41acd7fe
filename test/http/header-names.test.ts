import { describe, expect, it } from "vitest";
import { DROPPED_FROM_CALLERS } from "../../src/http/header-names.ts";
import { toClientResponse } from "../../src/upstream/client-response.ts";
import { createHeaderFilter } from "../../src/upstream/request-headers.ts";
import { faultsOf, policyFileWith } from "../support/policy/policy-file.ts";

/** Each name, written out, with what happens to it: in a caller's request, in an upstream's answer, as a claim header. */
const NAMES: readonly {
  readonly caller: "dropped" | "kept";
  readonly answer: "removed" | "kept";
  readonly names: string;
}[] = [
  {
    caller: "dropped",
    answer: "removed",
    names:
      "connection http2-settings keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer " +
      "transfer-encoding upgrade",
  },
  {
    caller: "dropped",
    answer: "kept",
    names:
      "x-original-url x-rewrite-url x-http-method x-http-method-override x-method-override " +
      "x-real-ip true-client-ip x-client-ip x-cluster-client-ip client-ip x-original-host x-original-uri " +
      "x-envoy-original-path proxy x-forwarded-for x-forwarded-host x-forwarded-proto x-forwarded-anything " +
      "authorization forwarded via x-request-id traceparent tracestate",
  },
  {
    caller: "kept",
    answer: "kept",
    names:
      "trailers host cookie cookie2 set-cookie dpop origin referer from accept expect max-forwards range user-agent date " +
      "cache-control pragma early-data priority prefer upgrade-insecure-requests purpose baggage cdn-loop " +
      "proxy-x cf-connecting-ip sec-fetch-site content-length content-type content-encoding if-match accept-encoding " +
      "access-control-request-method",
  },
];
const CASES = NAMES.flatMap(({ names, ...expected }) => names.split(" ").map((name) => ({ name, ...expected })));

it("every name that callers must not send is in the cases below", () => {
  const named = new Set(CASES.map(({ name }) => name));
  expect(DROPPED_FROM_CALLERS.filter((name) => !named.has(name))).toEqual([]);
});

describe("what happens to each header by its name", () => {
  const isDropped = createHeaderFilter({ claimHeaders: [] });

  it.each(CASES)("$name is $caller in a caller's request", ({ name, caller }) => {
    expect(isDropped(name) ? "dropped" : "kept").toBe(caller);
  });

  it.each(CASES.filter(({ caller }) => caller === "dropped"))("$name is dropped in other spellings", ({ name }) => {
    for (const spelling of [name.toUpperCase(), name.replaceAll("-", "_"), name.replaceAll("-", ".")]) {
      expect(isDropped(spelling), spelling).toBe(true);
    }
  });

  it.each(CASES)("$name is $answer in an upstream's answer", ({ name, answer }) => {
    const { headers } = toClientResponse(new Response(null, { headers: { [name]: "x" } }), false);
    expect(headers.has(name) ? "kept" : "removed").toBe(answer);
  });

  it.each(CASES)("$name is no claim header", ({ name }) => {
    expect(faultsOf(policyFileWith({ claimHeaders: { [name]: "email" } }))).toEqual([
      expect.stringContaining(`The header \`${name}\` belongs to HTTP or to the gateway.`),
    ]);
  });

  it.each(["x-email", "x-auth-email", "baggages", "x-origin"])("%s is a claim header if the policy says so", (name) => {
    expect(faultsOf(policyFileWith({ claimHeaders: { [name]: "email" } }))).toEqual([]);
  });

  it.each(["x-auth-subject", "X_Auth_Anything", "content_length", "Content.Type"])(
    "%s is dropped, for an upstream could take it for a header that the gateway vouches for",
    (name) => expect(isDropped(name)).toBe(true),
  );
});
