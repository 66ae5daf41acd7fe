import { foldHeaderName } from "../../../../http/header-names.ts";
import type { ClaimHeader, Policy } from "../../../policy.ts";
import type { Note } from "./setting-change.ts";
import { textOf } from "./shared/content-text.ts";

/**
 * Compares the headers in which upstreams read who calls. A header that another claim fills is `identity`: a caller who
 * can write that claim gains what upstreams grant by the header.
 */
export function diffClaimHeaders(before: Policy, after: Policy, note: Note): void {
  const [old, now] = [sourceByHeader(before.claimHeaders), sourceByHeader(after.claimHeaders)];
  for (const header of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(header), now.get(header)];
    if (was === is) continue;
    const path = ["claimHeaders", header];
    if (is !== undefined) {
      const change = was === undefined ? "now written" : "now written from another claim";
      note("identity", path, `The header ${header} is ${change}.`);
    } else if (isAlwaysRemoved(header)) note("headers", path, `The header ${header} is no longer written.`);
    else {
      // The gateway removes such a header from requests only while it writes it.
      note("identity", path, `The header ${header} is no longer written, so callers can send it themselves.`);
    }
  }
}

function sourceByHeader(headers: readonly ClaimHeader[]): ReadonlyMap<string, string> {
  return new Map(headers.map(({ header, source }) => [header, textOf(source)]));
}

/** Whether no policy lets callers send the header. */
function isAlwaysRemoved(header: string): boolean {
  return foldHeaderName(header).startsWith("x-auth-");
}
