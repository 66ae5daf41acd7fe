import { MAX_CHALLENGE_SCOPE_BYTES } from "../limits.ts";
import { type Held, meets } from "../policy/authorize.ts";
import type { Expression, Requirement, ScopeLeaf, ServedPolicy } from "../policy/policy.ts";
import { scopesIn, settleConditions } from "../policy/requirements/settle-conditions.ts";
import { issuerScopeNames } from "./issuer-scope-names.ts";

/**
 * The `scope` of a challenge (RFC 6750 3): the scopes that a requirement mentions, in the order of the file, by the
 * names that the issuers know which it accepts: see `issuerScopeNames`.
 *
 * If they are longer than `MAX_CHALLENGE_SCOPE_BYTES`, it names the smallest sets of scopes that are enough: the
 * smallest set first, and each set only as a whole. If even the smallest set does not fit, it names as many of its
 * scopes as fit. It never cuts a name, and it is empty if no name fits. A set with a scope that no accepted issuer may
 * grant is left out: no token has it.
 *
 * It names only scopes that help with the conditions as they are.
 *
 * @param held the atoms of the conditions that the request meets; `undefined`: it is taken to meet all of them
 */
export function challengeScope(
  policy: Pick<ServedPolicy, "issuers" | "scopes">,
  requirement: Extract<Requirement, { kind: "scopes" }>,
  held?: Held,
): string {
  const { expression, mentioned } = openPart(requirement, held);
  const namesOf = (fullNames: readonly string[]): string =>
    issuerScopeNames(policy, fullNames, requirement.issuers).join(" ");
  const all = namesOf(mentioned);
  if (all.length <= MAX_CHALLENGE_SCOPE_BYTES) return all;
  const [smallest, ...others] = smallestFirst(expression, (name) => namesOf([name]) !== "");
  const named = new Set<string>();
  // A space is counted after each name, the last one included.
  let left = MAX_CHALLENGE_SCOPE_BYTES + 1;
  const add = (names: readonly string[]): boolean => {
    const missing = [...new Set(names)].filter((name) => !named.has(name));
    // A scope token is ASCII (RFC 6749 3.3): a character is a byte.
    const bytes = missing.reduce((sum, name) => sum + namesOf([name]).length + 1, 0);
    if (bytes > left) return false;
    for (const name of missing) named.add(name);
    left -= bytes;
    return true;
  };
  if (smallest && add(smallest.names)) others.every(({ names }) => add(names));
  else for (const name of smallest?.names ?? []) add([name]);
  return namesOf([...named]);
}

/** What is left to ask for. */
function openPart(
  { expression, mentioned, conditions }: Extract<Requirement, { kind: "scopes" }>,
  held: Held | undefined,
): { readonly expression: Expression<ScopeLeaf>; readonly mentioned: readonly string[] } {
  if (conditions === undefined) return { expression: expression as Expression<ScopeLeaf>, mentioned };
  const settled = settleConditions(expression, (condition) => held === undefined || meets(condition, held));
  if (typeof settled === "boolean") return { expression: { kind: "allOf", of: [] }, mentioned: [] };
  return { expression: settled, mentioned: scopesIn(settled) };
}

/** Scopes to add to all earlier ones. With them, the challenge names one more set that is enough. */
interface Addition {
  readonly names: readonly string[];
  /** Number of scopes in that set. */
  readonly setSize: number;
}

/**
 * All scopes of an expression, in an order in which small sets come first. Under `allOf`, it varies one part at a time:
 * there can be far too many combinations. A group that needs a scope that is not grantable gives nothing.
 */
function smallestFirst(
  expression: Expression<ScopeLeaf>,
  isGrantable: (fullName: string) => boolean,
): readonly Addition[] {
  if (expression.kind === "scope") {
    return isGrantable(expression.name) ? [{ names: [expression.name], setSize: 1 }] : [];
  }
  const parts = expression.of.map((part) => smallestFirst(part, isGrantable));
  if (expression.kind === "anyOf") return parts.flat().sort(bySize);
  if (parts.some(({ length }) => length === 0)) return [];
  const size = parts.reduce((sum, [first]) => sum + (first?.setSize ?? 0), 0);
  const further = parts.flatMap(([first, ...others]) =>
    others.map(({ names, setSize }) => ({ names, setSize: size - (first?.setSize ?? 0) + setSize })),
  );
  return [{ names: parts.flatMap(([first]) => first?.names ?? []), setSize: size }, ...further.sort(bySize)];
}

function bySize(one: Addition, other: Addition): number {
  return one.setSize - other.setSize;
}
