import type { DpopSettings, Policy } from "../../../policy.ts";
import type { NonceSettings } from "../../../requirements/binding.ts";
import { type Comparers, compareLarger, compareMembers } from "./comparers.ts";
import type { Note } from "./setting-change.ts";

const COMPARERS: Comparers<DpopSettings> = {
  algorithms(was, is, note) {
    for (const algorithm of is) if (!was.includes(algorithm)) note("looser", `Proofs by ${algorithm} now count.`);
    for (const algorithm of was) {
      if (!is.includes(algorithm)) note("tighter", `Proofs by ${algorithm} no longer count.`);
    }
  },
  // A longer time gives a stolen proof more time.
  maxAgeSeconds: compareLarger,
  nonce(was, is, note) {
    if (was && is) compareMembers(was, is, NONCE, (member, kind, message) => note(kind, `${member}: ${message}`));
    else if (was) note("looser", "Proofs need no nonce any longer.");
    else if (is) note("tighter", "Proofs now need a nonce.");
  },
  replay(was, is, note) {
    if (was === is) return;
    if (is === "global") note("tighter", "A used proof is now refused everywhere.");
    else note("looser", "A used proof is now refused only by the isolate that has seen it.");
  },
};

const NONCE: Comparers<NonceSettings> = {
  secret(was, is, note) {
    if (was !== is) note("other", `Changed from ${was} to ${is}.`);
  },
  everySeconds: compareLarger,
};

/** Compares how proofs are checked. Whether tokens may be bound is compared with their issuer. */
export function diffDpop({ dpop: was }: Policy, { dpop: is }: Policy, note: Note): void {
  if (was && is) compareMembers(was, is, COMPARERS, (member, kind, message) => note(kind, ["dpop", member], message));
  else if (was) note("removed", ["dpop"], "The gateway checks no DPoP proofs any longer.");
  else if (is) note("added", ["dpop"], "The gateway can now check DPoP proofs.");
}
