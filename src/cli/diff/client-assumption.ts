import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import { unrestrictedIssuers } from "../../policy/analysis/issuers-in-use.ts";
import type { Policy } from "../../policy/policy.ts";

/**
 * One line for people: the part about clients assumes something that the gateway does not enforce. `undefined`: the
 * gateway enforces all of it. Without this line, a reader would believe that a client can never make a call that it
 * "can no longer" make.
 */
export function clientAssumption(
  { clients }: Pick<PolicyDifference, "clients">,
  before: Policy,
  after: Policy,
): string | undefined {
  const names = new Set([before, after].flatMap((policy) => unrestrictedIssuers(policy).map(({ name }) => name)));
  if (clients.length === 0 || names.size === 0) return undefined;
  const issuers = Array.from(names, (name) => `\`${name}\``).join(", ");
  const still = clients.some(({ unenforced }) => unenforced.length > 0)
    ? " A client can still make calls that only its registration refuses."
    : "";
  return (
    "The part about clients assumes that no client has a token with scopes beyond its registration. The gateway does not " +
    `enforce that where \`registeredClientsOnly\` is off, as for ${issuers}.${still}`
  );
}
