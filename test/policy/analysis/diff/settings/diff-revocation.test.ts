import { expect, it } from "vitest";
import { diffRevocation } from "../../../../../src/policy/analysis/diff/settings/diff-revocation.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

type Members = Readonly<Record<string, unknown>>;

it.each<{ name: string; was?: Members; is?: Members; expected: string[] }>([
  { name: "nothing where there is none", expected: [] },
  {
    name: "nothing where defaults are written out",
    was: {},
    is: { refreshSeconds: 30, maxStaleSeconds: 600, onStale: "refuse" },
    expected: [],
  },
  { name: "a list that is read", is: {}, expected: ["tighter $.revocation: Revoked tokens are now refused."] },
  { name: "a list no longer read", was: {}, expected: ["looser $.revocation: Revoked tokens are no longer refused."] },
  {
    name: "longer times",
    was: {},
    is: { refreshSeconds: 31, maxStaleSeconds: 601 },
    expected: [
      "looser $.revocation.refreshSeconds: Changed from 30 to 31.",
      "looser $.revocation.maxStaleSeconds: Changed from 600 to 601.",
    ],
  },
  {
    name: "shorter times",
    was: {},
    is: { refreshSeconds: 29, maxStaleSeconds: 599 },
    expected: [
      "tighter $.revocation.refreshSeconds: Changed from 30 to 29.",
      "tighter $.revocation.maxStaleSeconds: Changed from 600 to 599.",
    ],
  },
  {
    name: "tokens served with an old list",
    was: {},
    is: { onStale: "serve" },
    expected: ["looser $.revocation.onStale: Tokens are now accepted although the list of revocations is too old."],
  },
  {
    name: "tokens refused with an old list",
    was: { onStale: "serve" },
    is: {},
    expected: ["tighter $.revocation.onStale: Tokens are now refused when the list of revocations is too old."],
  },
])("the diff notes $name", ({ was, is, expected }) => {
  const [before, after] = [was, is].map((revocation) => compiled(policyFileWith(revocation ? { revocation } : {})));
  const changes: string[] = [];
  if (before && after) {
    diffRevocation(before, after, (kind, path, message) => changes.push(`${kind} ${jsonPath(path)}: ${message}`));
  }
  expect(changes).toEqual(expected);
});
