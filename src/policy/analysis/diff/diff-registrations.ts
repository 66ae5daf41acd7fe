import type { Client, Policy } from "../../policy.ts";
import { issOf } from "../client-access.ts";
import { type Comparers, compareMembers, type MemberNote } from "./comparers.ts";
import { pairClients } from "./pair-clients.ts";
import type { Note } from "./setting-change.ts";

/** Compares which clients are registered, and for which scopes. What they can do with them is in `client-comparer.ts`. */
export function diffRegistrations(before: Policy, after: Policy, note: Note): void {
  for (const { name, before: old, after: now } of pairClients(before, after)) {
    const noteHere: MemberNote = (kind, message) => note(kind, ["clients", name], message);
    if (now === undefined) noteHere("removed", "The client is no longer registered.");
    else if (old === undefined) noteNew(now, after, noteHere);
    else {
      const [was, is] = [withIss(old, before, after), withIss(now, after, before)];
      compareMembers(was, is, CLIENT, (_member, kind, message) => noteHere(kind, message));
    }
  }
}

/** A registration lets a client in only where its issuer accepts no other clients. */
function noteNew({ issuer }: Client, { issuers }: Policy, note: MemberNote): void {
  const isHeld = [...issuers.values()].some(
    ({ name, registeredClientsOnly }) => name === issuer && registeredClientsOnly,
  );
  if (isHeld) note("looser", "The client is now registered, so its tokens are accepted.");
  else note("added", "The client is now registered.");
}

/**
 * The client with the `iss` of its issuer, because names of issuers decide nothing. An issuer that only one policy has
 * keeps its name: where its `iss` changed, that is a change of the issuer and not of each of its clients.
 */
function withIss(client: Client, policy: Policy, other: Policy): Client {
  const iss = issOf(policy, client.issuer);
  return iss !== undefined && other.issuers.has(iss) ? { ...client, issuer: iss } : client;
}

const CLIENT: Comparers<Client> = {
  name: "no-effect",
  id(was, is, note) {
    if (was !== is) note("incomparable", `Its client id changed from ${was} to ${is}.`);
  },
  issuer(was, is, note) {
    if (was !== is) note("incomparable", `Its issuer changed from ${was ?? "none"} to ${is ?? "none"}.`);
  },
  scopes(was, is, note) {
    for (const scope of is) if (!was.has(scope)) note("looser", `It may now be granted ${scope}.`);
    for (const scope of was) if (!is.has(scope)) note("tighter", `It may no longer be granted ${scope}.`);
  },
};
