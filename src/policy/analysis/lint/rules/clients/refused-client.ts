import { clientAccess } from "../../../client-access.ts";
import { readsTokens } from "../../../issuers-in-use.ts";
import type { Rule } from "../rule.ts";

/** Clients of whom the gateway accepts no token, because the `audiences` of their issuer leave them out. */
export const refusedClient: Rule = (policy) => {
  if (!readsTokens(policy)) return [];
  return clientAccess(policy)
    .filter(({ holder, client }) => holder === undefined && client.issuer !== undefined)
    .map(({ client: { name, id, issuer } }) => ({
      route: undefined,
      path: ["clients", name],
      message: `The gateway accepts no token of this client: \`${id}\` is not in \`audiences\` of the issuer \`${issuer}\`.`,
      hint: "Add its client id to `audiences`, or remove the client.",
    }));
};
