import type { Client, Policy } from "../../../policy.ts";
import { holderOf, issOf } from "../../client-access.ts";
import { acceptedAudience } from "../../clients/accepted-audience.ts";
import { type Comparers, compareMembers, type MemberNote } from "./comparers.ts";
import type { Note } from "./setting-change.ts";
import { pairClients } from "./shared/pair-clients.ts";

/**
 * Compares which clients are registered, and for which scopes. What they can do with them is in `client-comparer.ts`. A
 * registration that is gone or smaller closes something only where the gateway enforces it; elsewhere it is `other`.
 */
export function diffRegistrations(before: Policy, after: Policy, note: Note): void {
  for (const { name, isNameReused, before: old, after: now } of pairClients(before, after)) {
    const noteHere: MemberNote = (kind, message) => note(kind, ["clients", name], message);
    if (old === undefined) {
      if (now) noteNew(now, after, noteHere);
    } else if (now === undefined) noteGone(old, before, after, isNameReused, noteHere);
    else {
      const [was, is] = [withIss(old, before, after), withIss(now, after, before)];
      const unrestricted = unrestrictedIssuerOf(old, before, after) ?? unrestrictedIssuerOf(now, after, after);
      const [oldIss = "none", newIss = "none"] = [issOf(before, old.issuer), issOf(after, now.issuer)];
      const comparers = clientComparers(unrestricted, `Its issuer changed from ${oldIss} to ${newIss}.`);
      compareMembers(was, is, comparers, (_member, kind, message) => noteHere(kind, message));
    }
  }
}

/** A registration lets a client in only where its issuer accepts no other clients. */
function noteNew(client: Client, policy: Policy, note: MemberNote): void {
  const iss = issOf(policy, client.issuer);
  const isRestricted = iss !== undefined && policy.issuers.get(iss)?.registeredClientsOnly === true;
  const isAccepted = holderOf(policy, iss, client.id, []) !== undefined;
  if (isRestricted && isAccepted) note("looser", "The client is now registered, so its tokens are accepted.");
  else note("added", "The client is now registered.");
}

function noteGone(old: Client, before: Policy, after: Policy, isNameReused: boolean, note: MemberNote): void {
  const issuer = unrestrictedIssuerOf(old, before, after);
  const gone = isNameReused
    ? `The client with the id \`${old.id}\` is no longer registered; another client has its name now.`
    : "The client is no longer registered.";
  if (issuer === undefined) note("removed", gone);
  else note("other", `${gone} ${stillAccepted(issuer)}`);
}

/**
 * Name of the new policy's issuer that accepts the client's tokens and does not enforce its registration.
 *
 * @param own the policy that the client is registered in
 */
function unrestrictedIssuerOf({ id, issuer }: Client, own: Policy, after: Policy): string | undefined {
  const found = after.issuers.get(issOf(own, issuer) ?? "");
  if (found === undefined || found.registeredClientsOnly || !acceptedAudience(found, id)) return undefined;
  return found.name;
}

function stillAccepted(issuer: string): string {
  return `The gateway still accepts its tokens: \`registeredClientsOnly\` is off for the issuer \`${issuer}\`.`;
}

/**
 * The client with the `iss` of its issuer, because names of issuers decide nothing. An issuer that only one policy has
 * keeps its name: where its `iss` changed, that is a change of the issuer and not of each of its clients.
 */
function withIss(client: Client, policy: Policy, other: Policy): Client {
  const iss = issOf(policy, client.issuer);
  return iss !== undefined && other.issuers.has(iss) ? { ...client, issuer: iss } : client;
}

/**
 * @param unrestricted name of the issuer that does not enforce the registration; `undefined`: the gateway enforces it
 * @param otherIssuer says that the issuer changed
 */
function clientComparers(unrestricted: string | undefined, otherIssuer: string): Comparers<Client> {
  return {
    name: "no-effect",
    id(was, is, note) {
      if (was !== is) note("incomparable", `Its client id changed from ${was} to ${is}.`);
    },
    issuer(was, is, note) {
      if (was !== is) note("incomparable", otherIssuer);
    },
    scopes(was, is, note) {
      for (const scope of is) if (!was.has(scope)) note("looser", `It may now be granted ${scope}.`);
      for (const scope of was) {
        if (is.has(scope)) continue;
        if (unrestricted === undefined) note("tighter", `It may no longer be granted ${scope}.`);
        else note("other", `It is no longer registered for ${scope}. ${stillAccepted(unrestricted)}`);
      }
    },
  };
}
