import { expect, it } from "vitest";
import { diffAssertion } from "../../../../../src/policy/analysis/diff/settings/diff-assertion.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

type Members = Readonly<Record<string, unknown>>;

const ASSERTION = { issuer: "https://gw.example", trustDomain: "internal.example", keys: { secret: "KEYS" } };
const MAPPED = { claims: { tenant: "org" } };

/** Members of the assertion before and after; `undefined`: the policy has none. */
interface Case {
  readonly name: string;
  readonly was: Members | undefined;
  readonly is: Members | undefined;
  readonly expected: readonly string[];
}

it.each<Case>([
  { name: "nothing where there is none", was: undefined, is: undefined, expected: [] },
  { name: "nothing where nothing changed", was: MAPPED, is: MAPPED, expected: [] },
  { name: "nothing where defaults are written out", was: {}, is: { algorithm: "ES256", ttlSeconds: 60 }, expected: [] },
  {
    name: "the first assertion",
    was: undefined,
    is: {},
    expected: ["added $.assertion: The gateway can now sign assertions."],
  },
  {
    name: "the last assertion",
    was: {},
    is: undefined,
    expected: ["removed $.assertion: The gateway signs no assertions any longer."],
  },
  {
    name: "another issuer and trust domain, which verifiers do not know",
    was: {},
    is: { issuer: "https://new.example", trustDomain: "new.example" },
    expected: [
      "moved $.assertion.issuer: Changed from https://gw.example to https://new.example.",
      "moved $.assertion.trustDomain: Changed from internal.example to new.example.",
    ],
  },
  {
    name: "another algorithm, which verifiers do not accept",
    was: {},
    is: { algorithm: "EdDSA" },
    expected: ["moved $.assertion.algorithm: Changed from ES256 to EdDSA."],
  },
  {
    name: "a longer life",
    was: {},
    is: { ttlSeconds: 61 },
    expected: ["looser $.assertion.ttlSeconds: Changed from 60 to 61."],
  },
  {
    name: "a shorter life",
    was: {},
    is: { ttlSeconds: 59 },
    expected: ["tighter $.assertion.ttlSeconds: Changed from 60 to 59."],
  },
  {
    name: "another secret",
    was: {},
    is: { keys: { secret: "NEW_KEYS" } },
    expected: ["other $.assertion.keys.secret: Changed from KEYS to NEW_KEYS."],
  },
  {
    name: "a claim that is asserted",
    was: {},
    is: MAPPED,
    expected: ["identity $.assertion.claims: `tenant` is now asserted, from the claim org."],
  },
  {
    name: "a claim that is no longer asserted",
    was: MAPPED,
    is: {},
    expected: ["headers $.assertion.claims: `tenant` is no longer asserted."],
  },
  {
    name: "a claim that comes from elsewhere",
    was: MAPPED,
    is: { claims: { tenant: "/org/id" } },
    expected: ["identity $.assertion.claims: `tenant` is now asserted from the claim /org/id. Before, it was org."],
  },
  {
    name: "assertions for one request",
    was: {},
    is: { bind: "request" },
    expected: ["tighter $.assertion.bind: Each assertion is now good for one request only."],
  },
  {
    name: "assertions for many requests",
    was: { bind: "request" },
    is: {},
    expected: ["looser $.assertion.bind: An assertion is now good for every request to its route while it is valid."],
  },
])("the diff notes $name", ({ was, is, expected }) => {
  const policyOf = (members: Members | undefined) =>
    compiled(policyFileWith(members === undefined ? {} : { assertion: { ...ASSERTION, ...members } }));
  const changes: string[] = [];
  diffAssertion(policyOf(was), policyOf(is), (kind, path, message) =>
    changes.push(`${kind} ${jsonPath(path)}: ${message}`),
  );
  expect(changes).toEqual(expected);
});
