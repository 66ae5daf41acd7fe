import type { Policy, ProtectedResource } from "../../../policy.ts";
import { type Comparers, compareMembers } from "./comparers.ts";
import type { Note } from "./setting-change.ts";

/** Compares the protected resources. They decide what clients are told, and nothing about requests. */
export function diffResources(before: Pick<Policy, "resources">, after: Pick<Policy, "resources">, note: Note): void {
  const placeOf = (path: string) => ["resources", path || "/"];
  for (const [path, old] of before.resources) {
    const now = after.resources.get(path);
    if (now === undefined)
      note("other", placeOf(path), "This is no longer a protected resource with its own metadata.");
    else compareMembers(old, now, RESOURCE, (_member, kind, message) => note(kind, placeOf(path), message));
  }
  for (const path of after.resources.keys()) {
    if (!before.resources.has(path)) {
      note("other", placeOf(path), "This is now a protected resource with its own metadata.");
    }
  }
}

const RESOURCE: Comparers<ProtectedResource> = {
  path: "identity",
  name(was, is, note) {
    if (was !== is) note("other", `Its name in the metadata was ${was ?? "not set"} and is now ${is ?? "not set"}.`);
  },
  // They follow from the routes, and the comparison of requests shows what changes there.
  scopes: "elsewhere",
  acceptsTokens: "elsewhere",
  issuers: "elsewhere",
};
