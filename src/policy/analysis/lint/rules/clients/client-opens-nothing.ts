import { admitsAnyone, authorize } from "../../../../authorize.ts";
import { accessTo, clientAccess } from "../../../client-access.ts";
import { distinctRequirements } from "../../shared/distinct-requirements.ts";
import type { Rule } from "../rule.ts";

const NO_SCOPES: ReadonlySet<string> = new Set();

/**
 * Clients whose scopes open no route. The rule leaves out a client that is registered without scopes if a token alone
 * opens a route, because it was probably registered for that. It also leaves out a client whose tokens the gateway refuses,
 * because `refusedClient` reports that.
 */
export const clientOpensNothing: Rule = (policy) => {
  const requirements = [...distinctRequirements(policy.routes)];
  const opensToAnyToken = requirements.some(
    (requirement) => authorize(requirement, NO_SCOPES) === "permitted" && !admitsAnyone(requirement),
  );
  const needScopes = requirements.filter((requirement) => authorize(requirement, NO_SCOPES) !== "permitted");
  return clientAccess(policy)
    .filter((access) => {
      const { client, effective } = access;
      if (effective === undefined && client.issuer !== undefined) return false;
      if (client.scopes.size === 0 && opensToAnyToken) return false;
      return !needScopes.some((requirement) => accessTo(requirement, access) === "yes");
    })
    .map(({ client: { name } }) => ({
      route: undefined,
      path: ["clients", name, "scopes"],
      message: `The scopes of \`${name}\` open no route.`,
      // A token of it may still open routes, so removing it could close them.
      hint: `Give it the scopes of a route, or remove ${opensToAnyToken ? "its scopes: the routes that it can call need none" : "it"}.`,
    }));
};
