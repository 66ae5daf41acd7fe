import { type Fault, jsonPath } from "../../../fault.ts";
import type { Requirement } from "../../../policy.ts";
import { clientAccess } from "../../client-access.ts";
import { grantedHolders } from "../../mapped-values.ts";
import { nameSome, namesAll } from "../shared/name-some.ts";
import { requiredBy } from "../shared/required-by.ts";
import type { Rule, RuleFinding } from "./rule.ts";
import { unmeetableRequirement } from "./unmeetable-requirement.ts";

/**
 * Scopes that a route mentions and no client may be granted, not even by implication. The rule reports each scope once,
 * at the first route that mentions it, and all scopes of that route together: a wildcard mentions many. It leaves out a
 * route whose requirement no client meets at all, because `unmeetableRequirement` reports that. A client whose tokens
 * the gateway refuses holds nothing. A scope that an issuer's `grants` give any client is held. If the file lists no
 * client, it does not say who has which scopes, so the rule reports nothing.
 */
export const unheldScope: Rule = (policy) => {
  const accepted = clientAccess(policy).filter(({ holder }) => holder !== undefined);
  // Without clients, the file does not say who has which scopes. If no client gets in, `refusedClient` reports why.
  if (accepted.length === 0) return [];
  const known = new Set(accepted.flatMap(({ holder }) => [...(holder?.effective ?? [])]));
  for (const { effective } of grantedHolders(policy)) for (const name of effective) known.add(name);
  const unmeetable = new Set(unmeetableRequirement(policy).map(({ path }) => jsonPath(path)));
  const findings: RuleFinding[] = [];
  const seen = new Set<Requirement>();
  for (const { requirement, index, place } of requiredBy(policy)) {
    if (requirement.kind !== "scopes" || seen.has(requirement)) continue;
    seen.add(requirement);
    const unheld = requirement.mentioned.filter((name) => !known.has(name));
    for (const name of unheld) known.add(name);
    const path = [...place, "scopes"];
    if (unheld.length > 0 && !unmeetable.has(jsonPath(path))) findings.push(findingAt(index, path, unheld));
  }
  return findings;
};

function findingAt(index: number, path: Fault["path"], unheld: readonly string[]): RuleFinding {
  const names = nameSome(unheld.map((name) => `\`${name}\``));
  const isOne = unheld.length === 1;
  return {
    route: index,
    path,
    message: namesAll(unheld.length)
      ? `No client may be granted ${names}.`
      : `No client may be granted ${unheld.length} of the required scopes, such as ${names}.`,
    hint: `Add ${isOne ? "it" : "them"} to a client in \`clients\`, or require ${isOne ? "another" : "others"}.`,
  };
}
