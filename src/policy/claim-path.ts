import { type FaultText, fault, type Result, success } from "../result.ts";
import type { ClaimPath } from "./policy.ts";

/**
 * Parses the place of a claim. A text that starts with `/` is a JSON Pointer (RFC 6901). Any other text is the name of
 * a claim, taken as it is, dots and slashes included. Refuses a pointer with a `~` that is part of neither `~0` nor
 * `~1`.
 */
export function parseClaimPath(text: string): Result<ClaimPath, FaultText> {
  if (!text.startsWith("/")) return success([text]);
  if (/~(?![01])/.test(text)) return fault("This is not a JSON Pointer.", 'Write "~0" for "~".');
  const steps = text.slice(1).split("/");
  return success(steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~")));
}

/**
 * A claim's place as people read it and as `routes.json` writes it: the name of a claim, or a JSON Pointer (RFC 6901)
 * to a value inside one. `parseClaimPath` reads it back.
 */
export function claimText(path: ClaimPath): string {
  const [name = ""] = path;
  if (path.length === 1 && !name.startsWith("/")) return name;
  return path.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** How many values of a condition are named. */
const MAX_NAMED_VALUES = 20;

/** A condition in words: `userId = sub`, or `/org/tier in gold, platinum`. Claims are written as in `routes.json`. */
export function conditionText(
  condition:
    | { readonly kind: "claim"; readonly claim: ClaimPath; readonly in: readonly string[] }
    | { readonly kind: "parameter" | "named-parameter"; readonly name: string; readonly equals: ClaimPath },
): string {
  if (condition.kind !== "claim") return `${condition.name} = ${claimText(condition.equals)}`;
  const more = condition.in.length - MAX_NAMED_VALUES;
  const values = condition.in.slice(0, MAX_NAMED_VALUES).concat(more > 0 ? [`${more} more`] : []);
  return `${claimText(condition.claim)} in ${values.join(", ")}`;
}
