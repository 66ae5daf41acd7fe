import type { Policy } from "../../../policy.ts";
import type { Note } from "./setting-change.ts";

/** Compares which hosts are served. An additional host is `looser`: it opens the same routes under another address. */
export function diffHosts(
  { hosts: was }: Pick<Policy, "hosts">,
  { hosts: is }: Pick<Policy, "hosts">,
  note: Note,
): void {
  if (was === undefined && is === undefined) return;
  if (is === undefined) note("looser", ["hosts"], "Requests for every host are now served.");
  else if (was === undefined) note("tighter", ["hosts"], `Only requests for ${[...is].join(", ")} are now served.`);
  else {
    for (const host of is) if (!was.has(host)) note("looser", ["hosts"], `Requests for ${host} are now served.`);
    for (const host of was) if (!is.has(host)) note("tighter", ["hosts"], `Requests for ${host} are no longer served.`);
  }
}
