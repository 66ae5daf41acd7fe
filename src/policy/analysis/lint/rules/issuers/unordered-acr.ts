import { stepUpOf } from "../../../../requirements/step-up.ts";
import { closest } from "../../../../suggestion.ts";
import { issuersInUse } from "../../../issuers-in-use.ts";
import { requiredBy } from "../../shared/required-by.ts";
import type { Rule } from "../rule.ts";

/**
 * Classes of authentication that a route asks for and that no `acrOrder` of an accepted issuer has, although all of
 * these issuers have one: a misspelt class, or one that was forgotten in the order. Each class is reported once.
 */
export const unorderedAcr: Rule = (policy) => {
  const issuers = issuersInUse(policy);
  if (issuers.every(({ acrOrder }) => acrOrder === undefined)) return [];
  const seen = new Set<string>();
  return requiredBy(policy).flatMap(({ index, requirement, placeOf }) => {
    const asked = stepUpOf(requirement)?.acr;
    if (asked === undefined || requirement.kind === "public") return [];
    const accepted = issuers.filter(({ name }) => requirement.issuers?.includes(name) ?? true);
    if (accepted.some(({ acrOrder }) => acrOrder === undefined)) return [];
    const known = new Set(accepted.flatMap(({ acrOrder = [] }) => acrOrder));
    return asked.flatMap((acr, at) => {
      if (known.has(acr) || seen.has(acr)) return [];
      seen.add(acr);
      const meant = closest(acr, known);
      return [
        {
          route: index,
          path: [...placeOf("authentication"), "acr", at],
          message: `The class \`${acr}\` is in no \`acrOrder\` of the accepted issuers.`,
          hint:
            meant === undefined
              ? "Add it to `acrOrder` where it belongs: until then it counts for itself only."
              : `Did you mean \`${meant}\`?`,
        },
      ];
    });
  });
};
