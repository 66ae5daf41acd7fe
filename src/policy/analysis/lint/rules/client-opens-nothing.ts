import { admitsAnyone, authorize } from "../../../authorize.ts";
import { withImplied } from "../../../scopes.ts";
import type { Rule } from "./rule.ts";

const NO_SCOPES: ReadonlySet<string> = new Set();

/**
 * Clients whose scopes open no route. A client that is registered without scopes is left out where a token alone opens a
 * route: it was probably registered for that.
 */
export const clientOpensNothing: Rule = ({ clients, routes, scopes }) => {
  const opensToAnyToken = routes.some(
    ({ requirement }) => authorize(requirement, NO_SCOPES) === "permitted" && !admitsAnyone(requirement),
  );
  const needScopes = routes.filter(({ requirement }) => authorize(requirement, NO_SCOPES) !== "permitted");
  return Array.from(clients.values())
    .filter((client) => {
      if (client.scopes.size === 0 && opensToAnyToken) return false;
      const effective = withImplied(scopes, client.scopes);
      return !needScopes.some(({ requirement }) => authorize(requirement, effective) === "permitted");
    })
    .map(({ name }) => ({
      route: undefined,
      path: ["clients", name, "scopes"],
      message: `The scopes of \`${name}\` open no route.`,
      hint: "Give it the scopes of a route, or remove it.",
    }));
};
