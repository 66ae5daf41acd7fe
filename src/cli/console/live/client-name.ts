import { issuerOf } from "../../../policy/issuers/tenants.ts";
import type { Policy } from "../../../policy/policy.ts";

/**
 * The name in `clients` of the client that a line of the log has. A client id is unique for one issuer only.
 *
 * @param iss of the verified token
 * @returns `undefined`: the client is not registered
 */
export function clientName(policy: Policy, iss: string, id: string): string | undefined {
  const issuer = issuerOf(policy, iss)?.name;
  return Array.from(policy.clients.values()).find((client) => client.id === id && client.issuer === issuer)?.name;
}
