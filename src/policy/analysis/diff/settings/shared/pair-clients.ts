import type { Client, Policy } from "../../../../policy.ts";
import { issOf } from "../../../client-access.ts";

/** One registration under two policies: under both, or under one of them only. */
export interface ClientPair {
  /** Its name, in the new policy if it is there. */
  readonly name: string;
  /** Whether it is gone, and another client has its name in the new policy. */
  readonly isNameReused: boolean;
  readonly before: Client | undefined;
  readonly after: Client | undefined;
}

/**
 * Pairs the registered clients of two policies. First by what tokens say, the issuer's `iss` and the client id, because
 * names of clients and issuers decide nothing. Then by name, so that a registration whose id or issuer changed is one
 * change.
 */
export function pairClients(before: Policy, after: Policy): readonly ClientPair[] {
  const added = new Map(Array.from(after.clients.values(), (client) => [tokenKey(after, client), client]));
  const take = (key: string | undefined): Client | undefined => {
    const client = key === undefined ? undefined : added.get(key);
    if (key !== undefined) added.delete(key);
    return client;
  };
  const byToken = Array.from(before.clients.values(), (client) => ({ client, heir: take(tokenKey(before, client)) }));
  const keyByName = new Map(Array.from(added, ([key, { name }]) => [name, key]));
  const kept = byToken.map(({ client, heir = take(keyByName.get(client.name)) }) => ({
    name: (heir ?? client).name,
    isNameReused: heir === undefined && after.clients.has(client.name),
    before: client,
    after: heir,
  }));
  return [
    ...kept,
    ...Array.from(added.values(), (client) => ({
      name: client.name,
      isNameReused: false,
      before: undefined,
      after: client,
    })),
  ];
}

/** What makes a client the same under any policy. Two clients of one policy never share it. */
export function tokenKey(policy: Pick<Policy, "issuers">, { id, issuer }: Client): string {
  return JSON.stringify([id, issOf(policy, issuer)]);
}
