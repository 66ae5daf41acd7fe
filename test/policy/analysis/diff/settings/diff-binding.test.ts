import { expect, it } from "vitest";
import { diffPolicies } from "../../../../../src/policy/analysis/diff/diff-policies.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";
import { BINDING_MODES } from "../../../../../src/policy/requirements/binding.ts";
import { withIssuer } from "../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const ALL = BINDING_MODES.flatMap((dpop) => BINDING_MODES.map((mtls) => ({ dpop, mtls })));
type Modes = (typeof ALL)[number];

/** The tokens that an issuer's binding accepts: with a key, with a certificate, with neither. */
function accepted({ dpop, mtls }: Modes): ReadonlySet<string> {
  const isRequired = dpop === "required" || mtls === "required";
  return new Set([
    ...(dpop === "refused" ? [] : ["key"]),
    ...(mtls === "refused" ? [] : ["certificate"]),
    ...(isRequired ? [] : ["neither"]),
  ]);
}

function notesOn(was: object, is: object): readonly { readonly kind: string; readonly text: string }[] {
  const [before, after] = [was, is].map((members) => compiled(policyFileWith({ dpop: {}, ...members })));
  if (before === undefined || after === undefined) return [];
  return diffPolicies(before, after)
    .settings.filter(({ path }) => /binding|mtls/.test(jsonPath(path)))
    .map(({ kind, path, message }) => ({ kind, text: `${jsonPath(path)}: ${message}` }));
}

it("a change of a binding is looser exactly if it accepts tokens more, and tighter exactly if it accepts less", () => {
  for (const was of ALL) {
    for (const is of ALL) {
      const notes = notesOn(withIssuer({ binding: was }), withIssuer({ binding: is }));
      const [old, now] = [accepted(was), accepted(is)];
      const kinds = [...(now.isSubsetOf(old) ? [] : ["looser"]), ...(old.isSubsetOf(now) ? [] : ["tighter"])];
      const name = JSON.stringify([was, is, notes]);
      expect([...new Set(notes.map(({ kind }) => kind))].sort(), name).toEqual(kinds);
      expect(notes.length, name).toBe(now.symmetricDifference(old).size);
    }
  }
});

it.each([
  {
    name: "bearer tokens again",
    was: withIssuer({ binding: { mtls: "required" } }),
    is: withIssuer({ binding: { mtls: "accepted" } }),
    expected: [{ kind: "looser", text: "$.issuers.main.binding: Tokens without a binding are now accepted." }],
  },
  {
    name: "the same modes, written out",
    was: withIssuer({}),
    is: withIssuer({ binding: { dpop: "refused", mtls: "refused" } }),
    expected: [],
  },
  {
    name: "certificates that are not verified",
    was: { mtls: {} },
    is: { mtls: { trust: "binding-only" } },
    expected: [
      { kind: "looser", text: "$.mtls.trust: Client certificates that Cloudflare has not verified now count." },
    ],
  },
  {
    name: "only certificates that are verified",
    was: { mtls: { trust: "binding-only" } },
    is: {},
    expected: [
      { kind: "tighter", text: "$.mtls.trust: Only client certificates that Cloudflare has verified still count." },
    ],
  },
  { name: "a default that is written out", was: {}, is: { mtls: { trust: "verified" } }, expected: [] },
])("the diff notes $name", ({ was, is, expected }) => {
  expect(notesOn(was, is)).toEqual(expected);
});
