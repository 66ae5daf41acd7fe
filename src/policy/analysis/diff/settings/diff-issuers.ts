import { acceptsTenant, issuerOf, listedIss, tenantIn } from "../../../issuers/tenants.ts";
import type { Issuer, KeySettings, Policy, Tenants } from "../../../policy.ts";
import { type Binding, type BindingMode, bindingOf } from "../../../requirements/binding.ts";
import { type Comparers, compareLarger, compareMembers, type MemberNote } from "./comparers.ts";
import { grantComparer } from "./diff-grants.ts";
import { compareAcrClaim, compareAcrOrder, compareAudienceClaims, compareScopeClaim } from "./diff-issuer-claims.ts";
import type { Note } from "./setting-change.ts";
import { textOf } from "./shared/content-text.ts";

/** Compares whose tokens are accepted, and how they are checked. Issuers correspond by the value of `iss`. */
export function diffIssuers(before: Policy, after: Policy, note: Note): void {
  const compareGrants = grantComparer(before, after, note);
  for (const [iss, old] of before.issuers) {
    if (after.issuers.has(iss)) continue;
    for (const { name, values } of accepting(after, old)) {
      note("incomparable", ["issuers", old.name], `Tokens from ${values} now follow the rules of \`${name}\`.`);
    }
    const gone = refused(after, old);
    if (gone) note("removed", ["issuers", old.name], `Tokens from ${gone} are no longer accepted.`);
  }
  for (const [iss, now] of after.issuers) {
    const old = before.issuers.get(iss);
    if (old === undefined) {
      const added = refused(before, now);
      if (added) note("looser", ["issuers", now.name], `Tokens from ${added} are now accepted.`);
    } else {
      compareMembers(old, now, ISSUER, (member, kind, message) => {
        // Another profile has other defaults, and is a change by itself.
        if (member === "audienceClaims" && old.profile !== now.profile) return;
        note(kind, ["issuers", now.name, member], message);
      });
      compareGrants(old, now);
    }
  }
}

/** The issuers of a policy that accept tokens of another policy's issuer by name, with the values of `iss`. */
function accepting(policy: Pick<Policy, "issuers">, issuer: Issuer) {
  const byName = Map.groupBy(
    listedIss(issuer).filter((iss) => isAccepted(policy, iss)),
    (iss) => issuerOf(policy, iss)?.name ?? "",
  );
  return Array.from(byName, ([name, values]) => ({ name, values: values.join(", ") }));
}

/** Those tokens of an issuer that another policy refuses; `undefined`: it accepts all of them. */
function refused(policy: Pick<Policy, "issuers">, issuer: Issuer): string | undefined {
  // The issuer of any tenant has tokens that no list has.
  if (issuer.tenants?.accepted === "any") return issuer.issuer;
  return (
    listedIss(issuer)
      .filter((iss) => !isAccepted(policy, iss))
      .join(", ") || undefined
  );
}

function isAccepted(policy: Pick<Policy, "issuers">, iss: string): boolean {
  const issuer = issuerOf(policy, iss);
  return issuer !== undefined && (issuer.tenants === undefined || acceptsTenant(issuer, tenantIn(issuer, iss) ?? ""));
}

const ISSUER: Comparers<Issuer> = {
  name: "no-effect",
  issuer: "identity",
  tenants(was, is, note) {
    if (was && is) compareMembers(was, is, TENANTS, (_member, kind, message) => note(kind, message));
  },
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
  requestedScopeNames(was, is, note) {
    const form = is === undefined ? "as `scopeNames` says" : `by ${is} names`;
    if (was !== is) note("other", `Challenges and metadata now name scopes ${form}.`);
  },
  clockToleranceSeconds: compareLarger,
  registeredClientsOnly(was, is, note) {
    if (was === is) return;
    if (is) note("tighter", "Clients are now restricted to their registration.");
    else note("looser", "Clients are no longer restricted to their registration.");
  },
  binding(was = UNBOUND, is = UNBOUND, note) {
    compareMembers(was, is, BINDING, (method, kind, message) => note(kind, `${method}: ${message}`));
    const [required, requires] = [was, is].map((binding) => bindingOf({ binding }) === "always");
    if (requires && !required) note("tighter", "Tokens without a binding are now refused.");
    if (required && !requires) note("looser", "Tokens without a binding are now accepted.");
  },
  acrClaim: compareAcrClaim,
  acrOrder: compareAcrOrder,
  keys(was, is, note) {
    compareMembers(was, is, KEYS, (member, kind, message) => note(kind, `${member}: ${message}`));
  },
};

const UNBOUND: Binding = { dpop: "refused", mtls: "refused" };
const BINDING: Comparers<Binding> = { dpop: compareCovered, mtls: compareCovered };

/** Whether tokens that are bound in a way are accepted. What is required depends on both ways. */
function compareCovered(was: BindingMode, is: BindingMode, note: MemberNote): void {
  if (was === "refused" && is !== "refused") note("looser", "Tokens that are bound in this way are now accepted.");
  if (was !== "refused" && is === "refused") note("tighter", "Tokens that are bound in this way are now refused.");
}

/** Two issuers have the same template, so both have tenants or neither has. */
const TENANTS: Comparers<Tenants> = {
  before: "identity",
  after: "identity",
  accepted(was, is, note) {
    if (was === is) return;
    if (is === "any") note("looser", "Tokens of every tenant are now accepted.");
    else if (was === "any") note("tighter", `Only tokens of ${[...is].join(", ")} are still accepted.`);
    else compareAccepted(was, is, note);
  },
  // A token whose two claims name one tenant passes before and after, whichever claim is read.
  claim(was, is, note) {
    const [from, to] = [textOf(was), textOf(is)];
    if (from !== to) note("incomparable", `The tenant is now read from ${to}, no longer from ${from}.`);
  },
};

/** A key that the issuer removed, perhaps because it was stolen, counts on while the gateway keeps it. */
const KEYS: Comparers<KeySettings> = {
  refreshAfterSeconds: compareLarger,
  maxStaleSeconds: compareLarger,
  cooldownSeconds: compareOther,
  // It decides between 401 and 503 for an unknown key, and makes no token valid.
  publicationLagSeconds: compareOther,
  timeoutMs: compareOther,
};

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
