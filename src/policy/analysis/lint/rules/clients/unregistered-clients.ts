import { acceptsUnregistered } from "../../../client-access.ts";
import { unrestrictedIssuers } from "../../../issuers-in-use.ts";
import type { Rule } from "../rule.ts";

/**
 * Issuers that do not enforce registrations, where the file registers clients: it reads as if only those could call.
 */
export const unregisteredClients: Rule = (policy) =>
  policy.clients.size === 0
    ? []
    : unrestrictedIssuers(policy).map((issuer) => ({
        route: undefined,
        path: ["issuers", issuer.name],
        message: acceptsUnregistered(issuer, policy)
          ? "Clients that are not in `clients` are accepted, and those in it may use any scope of their token."
          : "The clients in `clients` may use any scope of their token, even one that they are not registered for.",
        hint: 'Set "registeredClientsOnly": true to restrict all clients to the list.',
      }));
