import { admits, asksForBinding } from "../../../authorize.ts";
import type { Policy, Requirement } from "../../../policy.ts";
import { remembering } from "../../../remembering.ts";
import { accessTo, clientAccess } from "../../client-access.ts";
import { createAccessOf } from "../../formulas/access.ts";
import { FALSE } from "../../formulas/formula.ts";
import { originsOf } from "../../formulas/origins.ts";
import { grantedHolders } from "../../mapped-values.ts";
import { requiredBy } from "../shared/required-by.ts";
import type { Rule, RuleFinding } from "./rule.ts";

/**
 * Requirements that no token meets, because the accepted issuers may not grant the scopes; and requirements that no
 * registered client meets, even with all the scopes of its registration. A client whose tokens the gateway refuses
 * meets none. The rule leaves out a requirement that an issuer's `grants` let any client meet. If the file lists no
 * client, it does not say who has which scopes, so the rule reports only what no token meets. Routes with the same
 * requirement are reported together.
 */
export const unmeetableRequirement: Rule = (policy) => {
  const impossible = impossibleFor(policy);
  const unmet = unmetByClients(policy);
  const causeOf = remembering((requirement: Requirement) => JSON.stringify(requirement));
  return requiredBy(policy).flatMap(({ index, name, place, requirement, placeOf }) => {
    const isImpossible = impossible(requirement);
    if (!isImpossible && !unmet(requirement)) return [];
    const asBearer = withoutBinding(requirement);
    const lacksBinding = asksForBinding(requirement) && !impossible(asBearer) && !unmet(asBearer);
    const path = lacksBinding ? placeOf("senderConstrained") : [...place, requirement.kind];
    const text = lacksBinding ? lacksBindingText(isImpossible) : isImpossible ? impossibleText(requirement) : UNMET;
    return [{ route: index, path, ...text, group: { cause: causeOf(requirement), name } }];
  });
};

function impossibleText(requirement: Requirement): Pick<RuleFinding, "message" | "hint"> {
  return requirement.kind === "scopes" && requirement.conditions ? IMPOSSIBLE_CONDITIONS : IMPOSSIBLE;
}

function lacksBindingText(isImpossible: boolean): Pick<RuleFinding, "message" | "hint"> {
  return isImpossible ? IMPOSSIBLE_BINDING : UNMET_BINDING;
}

/** The same requirement, for bearer tokens, too. */
function withoutBinding(requirement: Requirement): Requirement {
  if (!("senderConstrained" in requirement)) return requirement;
  const { senderConstrained: _, ...others } = requirement;
  return others;
}

const IMPOSSIBLE = {
  message: "None of the accepted issuers may grant the required scopes.",
  hint: "Add an issuer to `issuers` of the route or of the resource server, or require other scopes.",
};
const IMPOSSIBLE_CONDITIONS = {
  message: "None of the accepted issuers has both the required scopes and the required tenants.",
  hint: "Add an issuer to `issuers`, or a tenant to the issuer's `tenants`, or require something else.",
};
const IMPOSSIBLE_BINDING = {
  message: "A bound token is required, and no issuer that meets the rest of the requirement has bound tokens.",
  hint: "Accept bound tokens in the `binding` of such an issuer, or remove `senderConstrained`.",
};
const UNMET_BINDING = {
  message: "A bound token is required, and no client that meets the rest of the requirement has bound tokens.",
  hint: "Accept bound tokens in the `binding` of such a client's issuer, or remove `senderConstrained`.",
};
const UNMET = {
  message: "No client may be granted the required scopes.",
  hint: "Add them to a client in `clients`, or require others.",
};

/** Tells whether no token of any issuer meets a requirement. */
function impossibleFor(policy: Policy): (requirement: Requirement) => boolean {
  const accessOf = createAccessOf(policy, originsOf(policy)).byIssuer;
  return remembering((requirement: Requirement) => accessOf(requirement).every((formula) => formula === FALSE));
}

function unmetByClients(policy: Policy): (requirement: Requirement) => boolean {
  const clients = clientAccess(policy);
  // Without clients, the file does not say who has which scopes. If no client gets in, `refusedClient` reports why.
  if (clients.every(({ holder }) => holder === undefined)) return () => false;
  const granted = grantedHolders(policy);
  return remembering(
    (requirement) =>
      !clients.some((client) => accessTo(requirement, client) === "yes") &&
      !granted.some((holder) => admits(requirement, holder)),
  );
}
