import { issuersInUse } from "../../../issuers-in-use.ts";
import type { Rule } from "../rule.ts";

/** Issuers that accept registered clients only, where the file registers none of theirs. */
export const noRegisteredClient: Rule = (policy) =>
  issuersInUse(policy)
    .filter(({ name, registeredClientsOnly }) => registeredClientsOnly && !policy.registrations.has(name))
    .map(({ name }) => ({
      route: undefined,
      path: ["issuers", name, "registeredClientsOnly"],
      message: "No client is registered, so every token of this issuer is refused.",
      hint: "List the clients in `clients`, or leave this out to accept any client.",
    }));
