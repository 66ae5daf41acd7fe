import { claimText } from "../claim-path.ts";

type Claims = Readonly<Record<string, unknown>>;

/**
 * The claims that a token needs, in words: `sub=alice and /org/tier=gold`, as `explain --claim` takes them. A list has
 * square brackets.
 */
export function formatClaims(claims: Claims): string {
  return textsOf(claims, []).join(" and ");
}

/** Recurses once for each step of a claim path. */
function textsOf(claims: Claims, above: readonly string[]): readonly string[] {
  return Object.entries(claims).flatMap(([name, value]) => {
    const path = [...above, name];
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return textsOf({ ...value }, path);
    const shown = Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
    return [`${claimText(path)}=${shown}`];
  });
}
