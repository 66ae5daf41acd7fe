import { claimText } from "../../../claim-path.ts";
import type { Policy } from "../../../policy.ts";
import type { AssertionSettings } from "../../../upstream.ts";
import { type Comparers, compareMembers, type MemberNote } from "./comparers.ts";
import type { Note } from "./setting-change.ts";

/** Where each member stands in `assertion` of the file. */
const PLACE = {
  issuer: ["issuer"],
  trustDomain: ["trustDomain"],
  algorithm: ["algorithm"],
  ttlSeconds: ["ttlSeconds"],
  secret: ["keys", "secret"],
  claims: ["claims"],
  bindsRequest: ["bind"],
} as const satisfies { readonly [Member in keyof AssertionSettings]: readonly string[] };

/** `moved`: verifiers that look for the old value refuse every request. */
const COMPARERS: Comparers<AssertionSettings> = {
  issuer: (was, is, note) => noteText("moved", was, is, note),
  trustDomain: (was, is, note) => noteText("moved", was, is, note),
  algorithm: (was, is, note) => noteText("moved", was, is, note),
  ttlSeconds: (was, is, note) => noteText(is > was ? "looser" : "tighter", was, is, note),
  secret: (was, is, note) => noteText("other", was, is, note),
  claims(was, is, note) {
    const [before, now] = [was, is].map((all) => new Map(all.map(({ name, claim }) => [name, claimText(claim)])));
    for (const name of new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])])) {
      const [old, current] = [before?.get(name), now?.get(name)];
      if (old === current) continue;
      if (old === undefined) note("identity", `\`${name}\` is now asserted, from the claim ${current}.`);
      else if (current === undefined) note("headers", `\`${name}\` is no longer asserted.`);
      else note("identity", `\`${name}\` is now asserted from the claim ${current}. Before, it was ${old}.`);
    }
  },
  bindsRequest(was, is, note) {
    if (was === is) return;
    if (is) note("tighter", "Each assertion is now good for one request only.");
    else note("looser", "An assertion is now good for every request to its route while it is valid.");
  },
};

/** Compares what upstreams can verify. `diffDelivery` compares which of them get assertions. */
export function diffAssertion(
  { assertion: before }: Pick<Policy, "assertion">,
  { assertion: after }: Pick<Policy, "assertion">,
  note: Note,
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) note("added", ["assertion"], "The gateway can now sign assertions.");
  else if (after === undefined) note("removed", ["assertion"], "The gateway signs no assertions any longer.");
  else {
    compareMembers(before, after, COMPARERS, (member, kind, message) =>
      note(kind, ["assertion", ...PLACE[member]], message),
    );
  }
}

function noteText(kind: Parameters<MemberNote>[0], was: string | number, is: string | number, note: MemberNote): void {
  if (was !== is) note(kind, `Changed from ${was} to ${is}.`);
}
