import { mayCall } from "../../../policy/analysis/client-access.ts";
import { holdersOfValue, mappedValues, type TokenHolder } from "../../../policy/analysis/mapped-values.ts";
import { matrixRowsOf } from "../../../policy/analysis/messages/route-rows.ts";
import { authorize } from "../../../policy/authorize.ts";
import type { Policy, Requirement } from "../../../policy/policy.ts";
import { remembering } from "../../../policy/remembering.ts";

/** Names of clients, one for each of `mappedValues`. `undefined`: the reason is that of any client. */
export type ValueClients = readonly (string | undefined)[];

/**
 * For each row of `accessMatrix`, in its order, and each value that grants scopes: the client whose token the reason is
 * about. Where an issuer accepts only some clients, a token of nobody in particular would be refused for that, and the
 * reason would contradict the mark: the client is one that may call, if any may.
 */
export function valueClients(policy: Policy): readonly ValueClients[] {
  const holders = mappedValues(policy).map((value) => {
    const issuer = Array.from(policy.issuers.values()).find(({ name }) => name === value.issuer);
    const found = issuer === undefined ? [] : holdersOfValue(policy, issuer, value);
    const registered = Array.from(policy.clients.values()).find((client) => client.issuer === value.issuer);
    return { found, other: issuer?.registeredClientsOnly ? registered?.name : undefined };
  });
  const clientsFor = remembering((requirement: Requirement) =>
    holders.map(({ found, other }) => clientFor(requirement, found) ?? other),
  );
  return policy.routes.flatMap((route) =>
    matrixRowsOf(route).map((row) => clientsFor(row.requirement ?? route.requirement)),
  );
}

function clientFor(requirement: Requirement, holders: readonly TokenHolder[]): string | undefined {
  const able =
    holders.find(({ holder }) => authorize(requirement, holder) === "permitted") ??
    holders.find(({ holder }) => mayCall(requirement, holder)) ??
    holders[0];
  return able?.client?.name;
}
