import { admits, admitsAnyone, type Holder } from "../../../../authorize.ts";
import type { Policy, Requirement } from "../../../../policy.ts";
import { bindingOf } from "../../../../requirements/binding.ts";
import { requirementsIn } from "../../../../routing/requirements-in.ts";
import { accessTo, clientAccess, issOf } from "../../../client-access.ts";
import { grantedHolders } from "../../../mapped-values.ts";
import type { Rule } from "../rule.ts";

const NO_SCOPES: ReadonlySet<string> = new Set();

/**
 * Clients whose scopes open no route. The rule leaves out a client that is registered without scopes if a token alone
 * opens a route, because it was probably registered for that. It also leaves out a client whose tokens the gateway
 * refuses, because `refusedClient` reports that, and a client whose tokens can open a route by its issuer's `grants`.
 */
export const clientOpensNothing: Rule = (policy) => {
  const requirements = [...requirementsIn(policy.routes)];
  const withoutScopes = new Map<string | undefined, WithoutScopes>();
  const withoutScopesFrom = (issuer: string | undefined): WithoutScopes => {
    const known = withoutScopes.get(issuer) ?? splitByNeed(requirements, policy, issuer);
    withoutScopes.set(issuer, known);
    return known;
  };
  const granted = grantedHolders(policy);
  return clientAccess(policy)
    .filter((access) => {
      const { client, holder } = access;
      const { opensToAnyToken, needScopes } = withoutScopesFrom(client.issuer);
      if (holder === undefined && client.issuer !== undefined) return false;
      if (client.scopes.size === 0 && opensToAnyToken) return false;
      // Its users may have groups that grant scopes.
      const holders = granted.filter(({ issuer }) => issuer === client.issuer);
      if (needScopes.some((requirement) => holders.some((it) => admits(requirement, it)))) return false;
      return !needScopes.some((requirement) => accessTo(requirement, access) === "yes");
    })
    .map(({ client: { name, issuer } }) => ({
      route: undefined,
      path: ["clients", name, "scopes"],
      message: `The scopes of \`${name}\` open no route.`,
      // A token of it may still open routes, so removing it could close them.
      hint: `Give it the scopes of a route, or remove ${withoutScopesFrom(issuer).opensToAnyToken ? "its scopes: the routes that it can call need none" : "it"}.`,
    }));
};

/** What tokens of one issuer open without scopes. */
interface WithoutScopes {
  readonly opensToAnyToken: boolean;
  readonly needScopes: readonly Requirement[];
}

/** @param name of the issuer; `undefined`: there is none, so no token opens anything */
function splitByNeed(requirements: readonly Requirement[], policy: Policy, name: string | undefined): WithoutScopes {
  const issuer = policy.issuers.get(issOf(policy, name) ?? "");
  const bound = issuer === undefined || bindingOf(issuer) === "never" ? undefined : { canBeBound: true as const };
  const holder: Holder | undefined = issuer && { issuer: issuer.name, effective: NO_SCOPES, ...bound };
  const opened = requirements.filter((requirement) => admits(requirement, holder));
  return {
    opensToAnyToken: opened.some((requirement) => !admitsAnyone(requirement)),
    needScopes: requirements.filter((requirement) => !opened.includes(requirement)),
  };
}
