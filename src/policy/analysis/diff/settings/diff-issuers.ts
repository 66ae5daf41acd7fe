import type { Issuer, KeySettings, Policy } from "../../../policy.ts";
import { type Comparers, compareMembers, type MemberNote } from "./comparers.ts";
import { textOf } from "./content-text.ts";
import { grantComparer } from "./diff-grants.ts";
import { compareAudienceClaims, compareScopeClaim } from "./diff-issuer-claims.ts";
import type { Note } from "./setting-change.ts";

/** Compares whose tokens are accepted, and how they are checked. Issuers correspond by the value of `iss`. */
export function diffIssuers(before: Policy, after: Policy, note: Note): void {
  const compareGrants = grantComparer(before, after, note);
  for (const [iss, { name }] of before.issuers) {
    if (!after.issuers.has(iss)) note("removed", ["issuers", name], `Tokens from ${iss} are no longer accepted.`);
  }
  for (const [iss, now] of after.issuers) {
    const old = before.issuers.get(iss);
    if (old === undefined) note("looser", ["issuers", now.name], `Tokens from ${iss} are now accepted.`);
    else {
      compareMembers(old, now, ISSUER, (member, kind, message) => {
        // Another profile has other defaults, and is a change by itself.
        if (member === "audienceClaims" && old.profile !== now.profile) return;
        note(kind, ["issuers", now.name, member], message);
      });
      compareGrants(old, now);
    }
  }
}

const ISSUER: Comparers<Issuer> = {
  name: "no-effect",
  issuer: "identity",
  jwksUri: compareReplaced,
  profile: compareReplaced,
  scopeClaim: compareScopeClaim,
  // What they grant depends on the whole policy.
  grants: "elsewhere",
  audienceClaims: compareAudienceClaims,
  algorithms: compareAccepted,
  audiences(was, is, note) {
    if (was && is) compareAccepted(was, is, note);
    else if (was) note("looser", "The audience is no longer checked.");
    else if (is) note("tighter", "The audience is now checked.");
  },
  scopeNames(was, is, note) {
    if (was === is) return;
    if (is === "short") note("looser", "Short scope names now count.");
    else note("tighter", "Short scope names no longer count.");
  },
  clockToleranceSeconds(was, is, note) {
    if (was !== is) note(is > was ? "looser" : "tighter", `Changed from ${was} to ${is}.`);
  },
  registeredClientsOnly(was, is, note) {
    if (was === is) return;
    if (is) note("tighter", "Clients are now restricted to their registration.");
    else note("looser", "Clients are no longer restricted to their registration.");
  },
  keys(was, is, note) {
    compareMembers(was, is, KEYS, (member, kind, message) => note(kind, `${member}: ${message}`));
  },
};

/** A key that the issuer removed, perhaps because it was stolen, counts on while the gateway keeps it. */
const KEYS: Comparers<KeySettings> = {
  refreshAfterSeconds: compareKeyLife,
  maxStaleSeconds: compareKeyLife,
  cooldownSeconds: compareOther,
  // It decides between 401 and 503 for an unknown key, and makes no token valid.
  publicationLagSeconds: compareOther,
  timeoutMs: compareOther,
};

function compareKeyLife(was: number, is: number, note: MemberNote): void {
  if (was !== is) note(is > was ? "looser" : "tighter", `Changed from ${was} to ${is}.`);
}

function compareOther(was: number, is: number, note: MemberNote): void {
  if (was !== is) note("other", `Changed from ${was} to ${is}.`);
}

/** Compares values that are neither looser nor tighter than each other, such as addresses. */
function compareReplaced(was: unknown, is: unknown, note: MemberNote): void {
  const [from, to] = [textOf(was), textOf(is)];
  if (from !== to) note("incomparable", `Changed from ${from} to ${to}.`);
}

/** Compares lists of values any one of which is accepted. */
function compareAccepted(was: ReadonlySet<string>, is: ReadonlySet<string>, note: MemberNote): void {
  for (const item of is) if (!was.has(item)) note("looser", `${item} is now accepted.`);
  for (const item of was) if (!is.has(item)) note("tighter", `${item} is no longer accepted.`);
}
