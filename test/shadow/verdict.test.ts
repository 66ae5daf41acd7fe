import { expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { disagree, refusal, type Verdict } from "../../src/shadow/verdict.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

const routes = compiled(
  policyFileWith({
    upstreams: {
      one: { url: "https://one.example" },
      same: { url: "https://one.example" },
      below: { url: "https://one.example/v2" },
      via: { url: "https://one.example", via: "TUNNEL" },
      service: { service: "ONE" },
      stripped: { url: "https://one.example", stripPrefix: "/v2" },
    },
    routes: ["one", "same", "below", "via", "service", "stripped"].map((upstream) => ({
      path: `/v2/${upstream}/*`,
      methods: ["GET"],
      public: true,
      upstream,
    })),
  }),
).routes;

function taking(upstream: string): Verdict {
  return { decision: "allow", taken: routes.find((route) => route.upstream.name === upstream) };
}

it.each<{ readonly one: Verdict; readonly other: Verdict; readonly expected: boolean }>([
  { one: taking("one"), other: taking("one"), expected: false },
  { one: taking("one"), other: taking("same"), expected: false },
  { one: taking("one"), other: taking("below"), expected: true },
  { one: taking("one"), other: taking("via"), expected: true },
  { one: taking("one"), other: taking("service"), expected: true },
  { one: taking("service"), other: taking("service"), expected: false },
  { one: taking("one"), other: taking("stripped"), expected: true },
  { one: taking("one"), other: { decision: "allow" }, expected: true },
  { one: { decision: "allow" }, other: { decision: "allow" }, expected: false },
  { one: taking("one"), other: refusal("scope-insufficient"), expected: true },
  { one: refusal("scope-insufficient", "/a"), other: refusal("scope-insufficient", "/b"), expected: false },
  { one: refusal("scope-insufficient"), other: refusal("condition-not-met"), expected: true },
  { one: { decision: "unknown" }, other: { decision: "unknown" }, expected: true },
  { one: taking("one"), other: { decision: "unknown" }, expected: true },
])("two verdicts disagree, $#: $expected", ({ one, other, expected }) => {
  expect([disagree(one, other, "/v2/one/x"), disagree(other, one, "/v2/one/x")]).toEqual([expected, expected]);
});

it.each([
  { reason: "token-expired", expected: "deny" },
  { reason: "keys-unavailable", expected: "error" },
] as const)("a refusal for $reason is $expected, as in decision lines", ({ reason, expected }) => {
  expect(refusal(new Denial(reason), "/a")).toEqual({ decision: expected, reason, route: "/a" });
  expect(refusal(reason, "/a")).toEqual({ decision: expected, reason, route: "/a" });
});
