import { clientTitle } from "../../policy/analysis/clients/client-title.ts";
import type { ClientChange } from "../../policy/analysis/diff/client-comparer.ts";
import type { Policy } from "../../policy/policy.ts";

/**
 * A client whose calls change, for people: its key, and what people call it. A client that is gone has its old name.
 */
export function clientHeading(
  { client, isNameReused }: Pick<ClientChange, "client" | "isNameReused">,
  before: Policy,
  after: Policy,
): string {
  const named = isNameReused || !after.clients.has(client) ? before : after;
  return `${client}${clientTitle(client, named)}${isNameReused ? " (before)" : ""}`;
}
