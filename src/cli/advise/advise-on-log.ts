import { adviseClient, type ClientAdvice } from "../../policy/analysis/advice/advise-client.ts";
import { accessTo, type ClientAccess, clientAccess } from "../../policy/analysis/client-access.ts";
import { admitsAnyone } from "../../policy/authorize.ts";
import type { Client, Policy, Requirement, Route } from "../../policy/policy.ts";
import type { DecisionLog, LogCounts } from "../decisions/read-decisions.ts";
import { readingStep } from "../decisions/reading-step.ts";
import { type LoggedClient, type LogSummary, ObservedLog } from "./observed-log.ts";

/** What a log says of the policy and its clients. */
export interface LogAdvice {
  readonly summary: LogSummary;
  /** The smallest share of lines that was written, by decision. Empty: every line was written. */
  readonly shares: ReadonlyMap<string, number>;
  readonly counts: LogCounts;
  /** Every client that was seen: those that are registered in the order of the file, then the others. */
  readonly clients: readonly SeenClient[];
  /** The registered clients that were not seen. */
  readonly unseen: readonly Client[];
  /** The routes that nobody called with success, in the order of the file. */
  readonly uncalled: readonly Route[];
}

/** One client: what was seen, and what follows. */
export interface SeenClient {
  readonly seen: LoggedClient;
  readonly advice: ClientAdvice;
  /** The routes that its registration lets it call with a token, and that it did not call with success. */
  readonly uncalled: readonly Route[];
}

/** Reads a log to its end, and works out what it says of a policy. */
export async function adviseOnLog(
  policy: Policy,
  { batches, counts }: DecisionLog,
  onStep: (step: string) => void,
): Promise<LogAdvice> {
  const log = new ObservedLog(policy);
  for await (const lines of batches) {
    for (const line of lines) log.add(line);
    onStep(readingStep(counts));
  }
  onStep("working out what each client needs");
  const access = new Map(clientAccess(policy).map((it) => [it.client, it]));
  const places = new Map(Array.from(policy.clients.values(), (client, at) => [client, at]));
  const placeOf = ({ advice: { client } }: SeenClient): number =>
    (client && places.get(client)) ?? Number.POSITIVE_INFINITY;
  const issuers = new Map(Array.from(policy.issuers.values(), (issuer) => [issuer.name, issuer]));
  const clients = log.clients
    .flatMap((seen): readonly SeenClient[] => {
      const issuer = issuers.get(seen.issuer);
      if (issuer === undefined) return [];
      const advice = adviseClient(policy, issuer, seen);
      return [{ seen, advice, uncalled: uncalledBy(seen, advice.client && access.get(advice.client), policy) }];
    })
    .sort((one, other) => (placeOf(one) === placeOf(other) ? 0 : placeOf(one) - placeOf(other)));
  const seen = new Set(clients.map(({ advice }) => advice.client));
  return {
    summary: log.summary,
    shares: log.shares,
    counts,
    clients,
    unseen: [...policy.clients.values()].filter((client) => !seen.has(client)),
    uncalled: policy.routes.filter((route) => !log.calledRoutes.has(route)),
  };
}

function uncalledBy(
  { calledRoutes }: LoggedClient,
  access: ClientAccess | undefined,
  { routes }: Policy,
): readonly Route[] {
  if (access === undefined) return [];
  // Thousands of routes may share a requirement.
  const known = new Map<Requirement, boolean>();
  return routes.filter((route) => {
    const { requirement } = route;
    const mayCall = known.get(requirement) ?? (!admitsAnyone(requirement) && accessTo(requirement, access) === "yes");
    known.set(requirement, mayCall);
    return mayCall && !calledRoutes.has(route);
  });
}
