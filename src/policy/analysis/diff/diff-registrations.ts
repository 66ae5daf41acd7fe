import type { Client, Policy } from "../../policy.ts";
import { type Comparers, compareMembers } from "./comparers.ts";
import type { Note } from "./setting-change.ts";

/** Compares which clients are registered, and for which scopes. What they can do with them is in `client-comparer.ts`. */
export function diffRegistrations(before: Pick<Policy, "clients">, after: Pick<Policy, "clients">, note: Note): void {
  for (const [id, old] of before.clients) {
    const now = after.clients.get(id);
    const path = ["clients", id];
    if (now === undefined) note("removed", path, "The client is no longer registered.");
    else compareMembers(old, now, CLIENT, (_member, kind, message) => note(kind, path, message));
  }
  for (const id of after.clients.keys()) {
    if (!before.clients.has(id)) note("added", ["clients", id], "The client is now registered.");
  }
}

const CLIENT: Comparers<Client> = {
  id: "identity",
  scopes(was, is, note) {
    for (const scope of is) if (!was.has(scope)) note("looser", `It may now be granted ${scope}.`);
    for (const scope of was) if (!is.has(scope)) note("tighter", `It may no longer be granted ${scope}.`);
  },
};
