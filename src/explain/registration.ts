import { clientTitle } from "../policy/analysis/clients/client-title.ts";
import { admits, type Holder } from "../policy/authorize.ts";
import type { Client, Issuer, Policy, Route } from "../policy/policy.ts";
import { effectiveScopes } from "../policy/scopes.ts";
import type { Admission } from "../token/admit.ts";
import { grantedScopes } from "../token/granted-scopes.ts";
import { shownValue } from "./claim-hints.ts";

/**
 * Says which scopes of a token its client is not registered for, and whether they count anyway. Without this, nobody
 * sees why a scope in the token is not granted.
 */
export function registrationRemarks(policy: Policy, token: Admission): readonly string[] {
  const client = clientOf(policy, token);
  if (client === undefined) return [];
  const { names } = grantedScopes(token.claims, token.issuer, policy, undefined);
  const beyond = names.filter((name) => !client.scopes.has(name));
  if (beyond.length === 0) return [];
  const it = beyond.length === 1 ? "it" : "them";
  const consequence = token.issuer.registeredClientsOnly
    ? `Its registration withholds ${it}: the issuer \`${token.issuer.name}\` has \`registeredClientsOnly\` on.`
    : `The gateway accepts ${it} anyway: the issuer \`${token.issuer.name}\` has \`registeredClientsOnly\` off.`;
  return [`${named(client, policy)} is not registered for ${beyond.join(", ")}. ${consequence}`];
}

/** Whether another token of the client could meet the requirement, if the client's registration does not. */
export function registrationHints(
  policy: Policy,
  { requirement }: Pick<Route, "requirement">,
  token: Admission,
): readonly string[] {
  const client = clientOf(policy, token);
  if (client === undefined) return [];
  const issuer = token.issuer.name;
  // Whether the token is bound, and meets conditions, is not a matter of the registration.
  const holder: Holder = {
    issuer,
    effective: effectiveScopes(policy.scopes, issuer, client.scopes),
    canBeBound: true,
  };
  if (admits(requirement, holder)) return [];
  return token.issuer.registeredClientsOnly
    ? [`No token of ${named(client, policy)} would be let in: its registration does not have the scopes (\`clients\`).`]
    : [
        `A token of ${named(client, policy)} that has the scopes would be let in, although its registration does not: ` +
          `the issuer \`${token.issuer.name}\` has \`registeredClientsOnly\` off.`,
      ];
}

/** Names the client of a token that was refused because the issuer takes registered clients only. */
export function unregisteredClientHints(
  clientId: string,
  { name, registeredClientsOnly }: Issuer,
  { registrations }: Pick<Policy, "registrations">,
): readonly string[] {
  if (!registeredClientsOnly || registrations.get(name)?.has(clientId)) return [];
  const others = [...registrations].filter(([, clients]) => clients.has(clientId)).map(([issuer]) => `\`${issuer}\``);
  return [
    `The token's client is ${shownValue(clientId)}. \`clients\` has no client with this id for the issuer \`${name}\`` +
      `${others.length === 0 ? "" : `, only for ${others.join(", ")}`}.`,
  ];
}

/** The registration of the client that a token was issued to. */
function clientOf({ registrations }: Policy, { issuer, clientId }: Admission) {
  return clientId === undefined ? undefined : registrations.get(issuer.name)?.get(clientId);
}

function named({ name }: Client, policy: Policy): string {
  return `\`${name}\`${clientTitle(name, policy)}`;
}
