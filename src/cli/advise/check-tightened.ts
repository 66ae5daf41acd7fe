import { lostCalls } from "../../policy/analysis/advice/lost-calls.ts";
import type { PolicyDifference } from "../../policy/analysis/diff/diff-policies.ts";
import type { OnStep } from "../../policy/analysis/on-step.ts";
import { jsonPath } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { decide } from "../decide.ts";
import { comparePolicies } from "../diff/compare-environments.ts";
import { counted } from "../output.ts";
import { type PolicySource, parsePolicySource } from "../policy-file/policy-source.ts";
import type { LogAdvice } from "./advise-on-log.ts";
import type { TightenedPolicy } from "./tighten-clients.ts";

/**
 * Why a tightened policy must not be written, in sentences for people. Empty: it only closes, and no call of the log
 * that was let through is refused. Compares the policies in all environments, and decides each call of the log again.
 *
 * @param day as for `comparePolicies`
 * @throws InputError the policies are too complex to compare
 */
export async function faultsOfTightened(
  advice: LogAdvice,
  { clients, text }: TightenedPolicy,
  source: PolicySource,
  policy: Policy,
  day: string,
  onStep: OnStep,
): Promise<readonly string[]> {
  const { uncounted } = advice.summary;
  if (uncounted > 0) {
    return [`The log has too many different calls: ${counted(uncounted, "line")} could not be counted.`];
  }
  const { difference } = await comparePolicies(source, parsePolicySource(source.name, text), day, undefined, onStep);
  const kept = new Map(clients.map((it) => [it.client, new Set(it.kept)]));
  const lost = advice.clients.flatMap(({ seen, advice: { client } }) => {
    const left = client && kept.get(client);
    const issuer = policy.issuers.values().find(({ name }) => name === seen.issuer);
    if (client === undefined || left === undefined || issuer === undefined) return [];
    const calls = decide(() => lostCalls(policy, issuer, seen.observations, client.scopes, left));
    return calls.map(
      ({ route }) => `\`${client.name}\` could no longer call ${route.path}, and the log has such a call.`,
    );
  });
  return [...openings(difference), ...lost];
}

/** What a difference does beside closing. A registration that nothing enforces closes nothing, and opens nothing. */
function openings({ routes, settings, clients }: PolicyDifference): readonly string[] {
  return [
    ...routes
      .filter(({ kind }) => kind !== "tighter")
      .map(({ kind, after, before }) => `It would change the route ${(after ?? before)?.path} (${kind}).`),
    ...settings
      .filter(({ kind }) => kind !== "tighter" && kind !== "other")
      .map(({ kind, path, message }) => `It would change more (${kind}). ${jsonPath(path)}: ${message}`),
    ...clients
      .filter(({ gained }) => gained.length > 0)
      .map(({ client }) => `It would let \`${client}\` make more calls.`),
  ];
}
