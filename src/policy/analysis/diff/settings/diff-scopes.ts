import type { Issuer, Policy, ResourceServer, Scope } from "../../../policy.ts";
import { type Comparers, compareMembers, type MemberNote } from "./comparers.ts";
import type { Note } from "./setting-change.ts";

/**
 * Compares what short scope names in tokens mean. A short name means the scope of each resource server that the
 * audience names. If the audience names none, it means the scope of the only resource server that declares the name. So
 * two things matter: who declares a name, and which resource servers there are.
 */
function diffShortNames(before: Policy, after: Policy, note: Note): void {
  if (shortNameIssuers(before).length === 0 || shortNameIssuers(after).length === 0) return;
  for (const [shortName, old] of before.scopes.byShortName) {
    const now = after.scopes.byShortName.get(shortName);
    const [was, is] = [old, now].map((scopes) =>
      scopes
        ?.map(({ fullName }) => fullName)
        .sort()
        .join(", "),
    );
    if (is === undefined || is === was) continue;
    const message = `In a token, this short name meant ${was}. It now means ${is}. If there are several, the token's audience selects one.`;
    note("incomparable", ["resourceServers", now?.[0]?.resourceServer ?? "", "scopes", shortName], message);
  }
  const token = "A token whose audience names only this resource server";
  for (const identifier of before.resourceServers.keys()) {
    if (after.resourceServers.has(identifier) || !countsWithoutServer(after)) continue;
    const message = `${token} may now use each short scope name that exactly one other server declares.`;
    note("looser", ["resourceServers", identifier], message);
  }
  for (const identifier of after.resourceServers.keys()) {
    if (before.resourceServers.has(identifier) || !countsWithoutServer(before)) continue;
    const message = `${token} may no longer use short names of other servers' scopes.`;
    note("tighter", ["resourceServers", identifier], message);
  }
}

/** Compares what clients read about resource servers. */
export function diffResourceServers(before: Policy, after: Policy, note: Note): void {
  for (const [identifier, now] of after.resourceServers) {
    const old = before.resourceServers.get(identifier);
    if (old === undefined) continue;
    compareMembers(old, now, RESOURCE_SERVER, (member, kind, message) =>
      note(kind, ["resourceServers", identifier, member], message),
    );
    diffGrantors(old, before, now, after, (kind, message) =>
      note(kind, ["resourceServers", identifier, "issuers"], message),
    );
  }
  diffShortNames(before, after, note);
}

/**
 * Compares whose tokens may grant the scopes of a resource server, by the value of `iss`. An issuer that only one of
 * the policies has is told where a list names it: that its tokens are accepted at all is a change of `issuers`.
 */
function diffGrantors(old: ResourceServer, before: Policy, now: ResourceServer, after: Policy, note: MemberNote): void {
  const example = now.scopes[0] === undefined ? "" : `, such as ${now.scopes[0]}`;
  for (const [iss, { name }] of after.issuers) {
    if (accepts(now, name) && !accepts(old, before.issuers.get(iss)?.name)) {
      note("looser", `Tokens from ${iss} may now grant its scopes${example}.`);
    }
  }
  for (const [iss, { name }] of before.issuers) {
    if (accepts(old, name) && !accepts(now, after.issuers.get(iss)?.name)) {
      note("tighter", `Tokens from ${iss} may no longer grant its scopes.`);
    }
  }
}

/** @param issuer its name; `undefined`: an issuer that the policy does not have */
function accepts({ issuers }: ResourceServer, issuer: string | undefined): boolean {
  return issuers === undefined || (issuer !== undefined && issuers.includes(issuer));
}

const RESOURCE_SERVER: Comparers<ResourceServer> = {
  identifier: "identity",
  name(was, is, note) {
    if (was !== is) note("other", `Changed from ${was ?? "none"} to ${is ?? "none"}.`);
  },
  // They are compared by the value of `iss`: see `diffGrantors`.
  issuers: "elsewhere",
  // Each declared scope is compared by itself: see `diffDeclaredScopes`.
  scopes: "elsewhere",
};

/**
 * Compares which scopes are declared: claim headers contain only those. `diffPolicies` compares what routes require.
 */
export function diffDeclaredScopes(before: Pick<Policy, "scopes">, after: Pick<Policy, "scopes">, note: Note): void {
  const [old, now] = [before.scopes.byFullName, after.scopes.byFullName];
  for (const [scope, is] of now) {
    const was = old.get(scope);
    const path = ["resourceServers", is.resourceServer];
    if (was) compareMembers(was, is, SCOPE, (_member, kind, message) => note(kind, path, message));
    else note("headers", path, `${scope} is now declared, so upstreams see it in the claim headers.`);
  }
  for (const [scope, { resourceServer }] of old) {
    if (now.has(scope)) continue;
    const message = `${scope} is no longer declared, so upstreams no longer see it in the claim headers.`;
    note("headers", ["resourceServers", resourceServer], message);
  }
}

/** A new member does not compile until it is listed. */
const SCOPE: Comparers<Scope> = {
  fullName: "identity",
  // Both are parts of the full name.
  shortName: "identity",
  resourceServer: "identity",
  description: "no-effect",
  // It counts where a route requires an implied scope, and every request is compared.
  implies: "elsewhere",
};

function shortNameIssuers({ issuers }: Policy): readonly Issuer[] {
  return [...issuers.values()].filter(({ scopeNames }) => scopeNames === "short");
}

/** Whether a token whose audience names no resource server may be accepted, and some short name counts in it. */
function countsWithoutServer(policy: Policy): boolean {
  const namesNone = (audience: string): boolean => !policy.resourceServers.has(audience);
  return (
    shortNameIssuers(policy).some(({ audiences }) => audiences === undefined || [...audiences].some(namesNone)) &&
    [...policy.scopes.byShortName.values()].some(({ length }) => length === 1)
  );
}
