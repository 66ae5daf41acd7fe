import { expect, it } from "vitest";
import { ALL_REASONS } from "../../src/answer/all-reasons.ts";
import { Denial } from "../../src/answer/denial.ts";
import type { ReasonEntry } from "../../src/answer/reason-entry.ts";
import type { Exchange } from "../../src/exchange.ts";
import { disagree, enforcedVerdict, refusal, type Verdict } from "../../src/shadow/verdict.ts";
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

it.each([
  { reason: undefined, expected: "allow" },
  { reason: "scope-insufficient", expected: "deny" },
  { reason: "revocations-unavailable", expected: "error" },
  // The policy let the request through.
  { reason: "upstream-timeout", expected: "allow" },
  { reason: "upstream-unreachable", expected: "allow" },
  // Nothing to compare: not the request decided.
  { reason: "rate-limited", expected: undefined },
  { reason: "rate-limit-unavailable", expected: undefined },
  { reason: "policy-invalid", expected: undefined },
  { reason: "internal-error", expected: undefined },
] as const)("what the policy decided is $expected after the reason $reason", ({ reason, expected }) => {
  const exchange = { pattern: "/a", route: undefined, wouldDeny: undefined } as Exchange;
  const all: Readonly<Partial<Record<string, ReasonEntry>>> = ALL_REASONS;
  const denial = reason && new Denial(reason, undefined, undefined, undefined, all[reason]);
  expect(enforcedVerdict(exchange, denial)?.decision).toBe(expected);
});
