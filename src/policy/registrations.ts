import type { Client, Registrations } from "./policy.ts";

/**
 * Groups registered clients by issuer and client id. A client id alone says nothing: another issuer can give the same
 * one to another client, and a partner's issuer could choose `admin` on purpose.
 */
export function registrationsOf(clients: Iterable<Client>): Registrations {
  const byIssuer = new Map<string, Map<string, Client>>();
  for (const client of clients) {
    if (client.issuer === undefined) continue;
    const byId = byIssuer.get(client.issuer) ?? new Map<string, Client>();
    byIssuer.set(client.issuer, byId.set(client.id, client));
  }
  return byIssuer;
}
