import { expect, it } from "vitest";
import { diffDpop } from "../../../../../src/policy/analysis/diff/settings/diff-dpop.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

type Members = Readonly<Record<string, unknown>>;

const NONCE = { secret: "NONCES", everySeconds: 60 };

it.each<{ name: string; was?: Members; is?: Members; there: string[]; back: string[] }>([
  { name: "nothing where there is none", there: [], back: [] },
  {
    name: "nothing where defaults are written out",
    was: {},
    is: { algorithms: ["EdDSA", "ES256"], maxAgeSeconds: 60, replay: "isolate" },
    there: [],
    back: [],
  },
  { name: "the member itself", is: {}, there: ["added $.dpop"], back: ["removed $.dpop"] },
  {
    name: "algorithms",
    was: { algorithms: ["ES256"] },
    is: { algorithms: ["ES256", "PS256"] },
    there: ["looser $.dpop.algorithms"],
    back: ["tighter $.dpop.algorithms"],
  },
  {
    name: "the age of proofs",
    was: {},
    is: { maxAgeSeconds: 61 },
    there: ["looser $.dpop.maxAgeSeconds"],
    back: ["tighter $.dpop.maxAgeSeconds"],
  },
  { name: "nonces", was: { nonce: NONCE }, is: {}, there: ["looser $.dpop.nonce"], back: ["tighter $.dpop.nonce"] },
  {
    name: "the age of nonces",
    was: { nonce: NONCE },
    is: { nonce: { ...NONCE, everySeconds: 61 } },
    there: ["looser $.dpop.nonce"],
    back: ["tighter $.dpop.nonce"],
  },
  {
    name: "the secret of nonces",
    was: { nonce: NONCE },
    is: { nonce: { ...NONCE, secret: "OTHER" } },
    there: ["other $.dpop.nonce"],
    back: ["other $.dpop.nonce"],
  },
  {
    name: "the memory of proofs",
    was: { replay: "global" },
    is: {},
    there: ["looser $.dpop.replay"],
    back: ["tighter $.dpop.replay"],
  },
])("the diff notes $name", ({ was, is, there, back }) => {
  const changes = (from: Members | undefined, to: Members | undefined): string[] => {
    const [before, after] = [from, to].map((dpop) => compiled(policyFileWith(dpop ? { dpop } : {})));
    const notes: string[] = [];
    if (before && after) diffDpop(before, after, (kind, path) => notes.push(`${kind} ${jsonPath(path)}`));
    return notes;
  };
  expect(changes(was, is)).toEqual(there);
  expect(changes(is, was)).toEqual(back);
});
