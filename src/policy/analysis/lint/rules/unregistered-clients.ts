import { issuersInUse } from "../../issuers-in-use.ts";
import type { Rule } from "./rule.ts";

/** Issuers that accept any client, where the file registers some: it reads as if only those could call. */
export const unregisteredClients: Rule = (policy) =>
  issuersInUse(policy)
    .filter(({ registeredClientsOnly }) => !registeredClientsOnly && policy.clients.size > 0)
    .map(({ name }) => ({
      route: undefined,
      path: ["issuers", name],
      message: "Clients that are not in `clients` are accepted, and those in it may use any scope of their token.",
      hint: 'Set "registeredClientsOnly": true to restrict all clients to the list.',
    }));
