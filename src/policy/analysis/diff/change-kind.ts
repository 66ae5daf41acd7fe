import type { Difference } from "../formulas/access.ts";

/**
 * What can happen to requests, the most noteworthy first. `opened`: they need no token any more. `looser`: more sets of
 * scopes are enough, or path parameters or encoded slashes are let through. `incomparable`: some sets are enough now
 * that were not before, and the other way round. `token-forwarding`: the upstream gets the caller's token now. `moved`:
 * they go to another upstream, or to another path of it. `added`: a route serves them now. `tighter`: fewer sets of
 * scopes are enough. `removed`: no route serves them now. `headers`: the upstream gets other headers.
 */
export const CHANGE_KINDS = [
  "opened",
  "looser",
  "incomparable",
  "token-forwarding",
  "moved",
  "added",
  "tighter",
  "removed",
  "headers",
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A change that was found for some requests. */
export interface Found {
  readonly kind: ChangeKind;
  readonly gained?: Difference | undefined;
  readonly lost?: Difference | undefined;
  readonly note?: string | undefined;
}
