import type { ClaimPath } from "../policy.ts";

/**
 * Where a claim stands: a JSON Pointer (RFC 6901) if the text starts with `/`, else the name of a claim as it is, dots
 * and slashes included. `undefined` for a pointer with a `~` that is neither `~0` nor `~1`.
 */
export function parseClaimPath(text: string): ClaimPath | undefined {
  if (!text.startsWith("/")) return [text];
  if (/~(?![01])/.test(text)) return undefined;
  return text
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
