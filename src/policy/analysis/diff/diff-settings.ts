import type { Fault } from "../../fault.ts";
import type { Client, Guarantee, Issuer, Policy } from "../../policy.ts";

/** A change that is not of one route. `other`: it opens and closes nothing. */
export interface SettingChange {
  readonly kind: "looser" | "incomparable" | "added" | "tighter" | "removed" | "headers" | "other";
  /** Where it is in the new file, or was in the old one. */
  readonly path: Fault["path"];
  /** One sentence. */
  readonly message: string;
}

type Note = (kind: SettingChange["kind"], path: Fault["path"], message: string) => void;

/** Compares what is not of one route: whose tokens count, who may be granted what, and what is written for everyone. */
export function diffSettings(before: Policy, after: Policy): readonly SettingChange[] {
  const changes: SettingChange[] = [];
  const note: Note = (kind, path, message) => changes.push({ kind, path, message });
  diffIssuers(before, after, note);
  diffShortNames(before, after, note);
  diffClients(before.clients, after.clients, note);
  diffHeaders(before, after, note);
  diffUpstreams(before, after, note);
  for (const member of ["realm", "publicUrl"] as const) {
    if (before[member] !== after[member]) {
      note("other", [member], `It was ${before[member] ?? "not set"} and is ${after[member] ?? "not set"}.`);
    }
  }
  if (unorderedText(before.cors) !== unorderedText(after.cors)) {
    note("other", ["cors"], "Pages of other origins are answered differently.");
  }
  diffGuarantees(before.guarantees, after.guarantees, note);
  return changes;
}

function diffIssuers(before: Policy, after: Policy, note: Note): void {
  for (const [iss, old] of before.issuers) {
    if (!after.issuers.has(iss)) note("removed", ["issuers", old.name], `Tokens of ${iss} are no longer accepted.`);
  }
  for (const [iss, now] of after.issuers) {
    const old = before.issuers.get(iss);
    if (old) diffIssuer(old, now, note);
    else note("looser", ["issuers", now.name], `Tokens of ${iss} are accepted now.`);
  }
}

function diffIssuer(old: Issuer, now: Issuer, note: Note): void {
  const path = (member: keyof Issuer): Fault["path"] => ["issuers", now.name, member];
  for (const member of ["jwksUri", "profile", "scopeClaim"] as const) {
    const [was, is] = [textOf(old[member]), textOf(now[member])];
    if (was !== is) note("incomparable", path(member), `It was ${was} and is ${is}.`);
  }
  diffSets("algorithms", old.algorithms, now.algorithms);
  if (old.audiences && now.audiences) diffSets("audiences", old.audiences, now.audiences);
  else if (old.audiences) note("looser", path("audiences"), "The audience is no longer checked.");
  else if (now.audiences) note("tighter", path("audiences"), "The audience is checked now.");
  if (old.scopeNames !== now.scopeNames) {
    const isLooser = now.scopeNames === "short";
    note(
      isLooser ? "looser" : "tighter",
      path("scopeNames"),
      `Short scope names ${isLooser ? "" : "no longer "}count.`,
    );
  }
  const [was, is] = [old.clockToleranceSeconds, now.clockToleranceSeconds];
  if (was !== is) note(is > was ? "looser" : "tighter", path("clockToleranceSeconds"), `It was ${was} and is ${is}.`);
  if (old.registeredClientsOnly !== now.registeredClientsOnly) {
    const isTighter = now.registeredClientsOnly;
    const message = `Clients are ${isTighter ? "now" : "no longer"} held to their registration.`;
    note(isTighter ? "tighter" : "looser", path("registeredClientsOnly"), message);
  }
  if (textOf(old.keys) !== textOf(now.keys)) note("other", path("keys"), "Keys are kept or fetched differently.");

  function diffSets(member: keyof Issuer, was: ReadonlySet<string>, is: ReadonlySet<string>): void {
    for (const item of is) if (!was.has(item)) note("looser", path(member), `${item} is accepted now.`);
    for (const item of was) if (!is.has(item)) note("tighter", path(member), `${item} is no longer accepted.`);
  }
}

/**
 * What short scope names in tokens mean: under the resource servers that the audience names; if it names none, under the
 * only one that declares the name. So both the declarations of a name and the set of resource servers decide.
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
    const message = `Short in a token, it meant ${was} and means ${is}; where that is several, the audience decides.`;
    note("incomparable", ["resourceServers", now?.[0]?.resourceServer ?? "", "scopes", shortName], message);
  }
  const audience = "A token whose audience names it and no other resource server";
  for (const identifier of before.resourceServers.keys()) {
    if (after.resourceServers.has(identifier) || !countsWithoutServer(after)) continue;
    const message = `${audience} may use short scope names now that only one other declares.`;
    note("looser", ["resourceServers", identifier], message);
  }
  for (const identifier of after.resourceServers.keys()) {
    if (before.resourceServers.has(identifier) || !countsWithoutServer(before)) continue;
    note("tighter", ["resourceServers", identifier], `${audience} may no longer use short names of others' scopes.`);
  }
}

function shortNameIssuers({ issuers }: Policy): readonly Issuer[] {
  return [...issuers.values()].filter(({ scopeNames }) => scopeNames === "short");
}

/** Whether a token whose audience names no resource server may be accepted, and a short name in it count. */
function countsWithoutServer(policy: Policy): boolean {
  const namesNone = (audience: string): boolean => !policy.resourceServers.has(audience);
  return (
    shortNameIssuers(policy).some(({ audiences }) => audiences === undefined || [...audiences].some(namesNone)) &&
    [...policy.scopes.byShortName.values()].some(({ length }) => length === 1)
  );
}

function diffClients(before: ReadonlyMap<string, Client>, after: ReadonlyMap<string, Client>, note: Note): void {
  for (const [id, old] of before) {
    const now = after.get(id);
    const path = ["clients", id];
    if (now === undefined) {
      note("removed", path, "The client is no longer registered.");
      continue;
    }
    for (const scope of now.scopes) if (!old.scopes.has(scope)) note("looser", path, `It may be granted ${scope} now.`);
    for (const scope of old.scopes) {
      if (!now.scopes.has(scope)) note("tighter", path, `It may no longer be granted ${scope}.`);
    }
  }
  for (const id of after.keys()) if (!before.has(id)) note("added", ["clients", id], "The client is registered now.");
}

function diffHeaders(before: Policy, after: Policy, note: Note): void {
  const [old, now] = [before, after].map(
    ({ claimHeaders }) => new Map(claimHeaders.map(({ header, source }) => [header, textOf(source)])),
  );
  for (const header of new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])) {
    const [was, is] = [old?.get(header), now?.get(header)];
    if (was === is) continue;
    const message =
      is === undefined ? "no longer written" : was === undefined ? "written now" : "written from another claim";
    note("headers", ["claimHeaders", header], `The header ${header} is ${message}.`);
  }
  const [declared, declares] = [before.scopes.byFullName, after.scopes.byFullName];
  for (const [scope, { resourceServer }] of declares) {
    if (!declared.has(scope)) {
      note("headers", ["resourceServers", resourceServer], `${scope} is declared now: upstreams are told of it.`);
    }
  }
  for (const [scope, { resourceServer }] of declared) {
    if (!declares.has(scope)) {
      note(
        "headers",
        ["resourceServers", resourceServer],
        `${scope} is no longer declared: no upstream is told of it.`,
      );
    }
  }
}

/** Upstreams with the same name. Where one leads is compared for each route. */
function diffUpstreams(before: Policy, after: Policy, note: Note): void {
  for (const [name, now] of after.upstreams) {
    const old = before.upstreams.get(name);
    if (old === undefined || old.timeoutMs === now.timeoutMs) continue;
    note("other", ["upstreams", name, "timeoutMs"], `It was ${old.timeoutMs} and is ${now.timeoutMs}.`);
  }
}

function diffGuarantees(before: readonly Guarantee[], after: readonly Guarantee[], note: Note): void {
  const [old, now] = [before, after].map((guarantees) => new Set(guarantees.map(contentOf)));
  for (const guarantee of before) {
    if (!now?.has(contentOf(guarantee))) note("other", ["guarantees"], `No longer guaranteed: ${guarantee.name}`);
  }
  for (const guarantee of after) {
    if (!old?.has(contentOf(guarantee))) note("other", ["guarantees", guarantee.index], `Now: ${guarantee.name}`);
  }
}

/** Neither its name nor its place; of an upstream the name, for what that is now is compared elsewhere. */
function contentOf({ clients, methods, paths, except, claim }: Guarantee): string {
  const claimed = claim.kind === "upstream" ? { kind: claim.kind, upstream: claim.upstream.name } : claim;
  return unorderedText({ clients, methods, paths, except, claimed });
}

/** A text that two values share if they are the same. */
function textOf(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}

/** The same where the order of lists and sets means nothing. */
function unorderedText(value: unknown): string {
  if (value instanceof Set || Array.isArray(value)) return `[${Array.from(value, unorderedText).sort().join()}]`;
  if (typeof value !== "object" || value === null) return textOf(value);
  const members = Object.entries(value).map(([name, member]) => `${name}:${unorderedText(member)}`);
  return `{${members.sort().join()}}`;
}
