import type { ClaimPath } from "./policy.ts";

/**
 * Claims with a value at a path, for tools that write claims. The objects around it are made where they are missing,
 * and anything else that stands in their place is replaced. Each step becomes the name of a member, also one that looks
 * like an index of a list. An empty path changes nothing.
 */
export function withClaim(
  claims: Readonly<Record<string, unknown>>,
  [step, ...rest]: ClaimPath,
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (step === undefined) return claims;
  if (rest.length === 0) return { ...claims, [step]: value };
  const inner = Object.hasOwn(claims, step) ? claims[step] : undefined;
  const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
  return { ...claims, [step]: withClaim(isObject ? { ...inner } : {}, rest, value) };
}
