import type { Policy, RouteGroup } from "../../policy.ts";
import { acceptsUnregistered, clientAccess } from "../client-access.ts";
import { createAccessOf } from "../formulas/access.ts";
import { originsOf, tenantsInPaths } from "../formulas/origins.ts";
import { Realizer, routesOf, segmentsLookedAt } from "../formulas/realize.ts";
import { HostAxis } from "../host-classes.ts";
import type { OnStep } from "../on-step.ts";
import { fixedSegments } from "../paths/fixed-segments.ts";
import type { TellingSegments } from "../paths/found-classes.ts";
import { pathClasses } from "../paths/path-classes.ts";
import type { PathTree } from "../paths/path-tree.ts";
import { withOpenReports } from "../reports.ts";
import { routeTree } from "../route-tree.ts";
import { comparesClients } from "./client-atoms.ts";
import type { World } from "./counterexample-finder.ts";
import { Examination } from "./examination.ts";
import { selectionTree } from "./path-selection.ts";
import type { Proof, UnregisteredCaller } from "./proof.ts";
import type { RequestSelection } from "./request-selection.ts";

/**
 * Proves each guarantee of a policy, or finds calls that break it. It covers every request: every class of paths, every
 * method, every issuer, every set of scopes. It is exact under one assumption: the tokens of a registered client grant
 * at most the scopes of its registration. `isEnforced` tells whether the gateway checks that itself. `clientAccess`
 * says which clients' tokens the gateway accepts.
 *
 * A call is permitted if it reaches the upstream. `prove` does not check the gateway's own answers (its own paths, CORS
 * preflights), and it does not know whether an upstream treats two spellings of a path alike.
 *
 * A route with `report` counts as public: `policyOn` removes each `report` that has ended.
 *
 * @param onStep is told what is proved next, at every class of paths
 * @throws UndecidedError
 */
export function prove(policy: Policy, onStep?: OnStep): readonly Proof[] {
  return proveServed(withOpenReports(policy), onStep);
}

/** Assumes that each route of the policy enforces what it says. */
function proveServed(policy: Policy, onStep: OnStep = () => {}): readonly Proof[] {
  const origins = originsOf(policy);
  const lookedAt = segmentsLookedAt(policy);
  const areClientsCompared = comparesClients(policy);
  const world: World = {
    policy,
    origins,
    accessOf: createAccessOf(policy, origins),
    realizer: new Realizer([policy]),
    comparesClients: areClientsCompared,
    segmentsLookedAt: lookedAt,
    access: new Map(clientAccess(policy).map((access) => [access.client.name, access])),
    unregistered: origins.flatMap((origin) => {
      const accepting = origin.issuers[0]?.filter((it) => acceptsUnregistered(it, policy)) ?? [];
      // One stands for all of an origin, unless it matters which client ids an issuer accepts.
      const some = areClientsCompared ? accepting : accepting.slice(0, 1);
      return some.map((issuer): UnregisteredCaller => ({ kind: "unregistered", issuer, origin }));
    }),
  };
  // The leaves of selections are no groups of routes.
  const tellingSegments =
    lookedAt && ((leaf: unknown) => (leaf === true ? [] : routesOf(leaf as RouteGroup).flatMap(lookedAt)));
  const ofTenants = fixedSegments([policy], tenantsInPaths(origins), lookedAt);
  const examinations = policy.guarantees.map((guarantee) => new Examination(world, guarantee));
  let done = 0;
  const axis = HostAxis.of(
    [policy],
    examinations.flatMap(({ selections }) => selections.flatMap(({ hosts }) => hosts ?? [])),
  );
  // Guarantees that select the same requests share the walk. No class is kept: there may be a hundred thousand.
  for (const alike of Map.groupBy(examinations, ({ selections }) => JSON.stringify(selections)).values()) {
    const step = `proving guarantee ${done + 1} of ${examinations.length}`;
    for (const requestClass of classesOf(policy, alike[0]?.selections ?? [], axis, tellingSegments, ofTenants)) {
      onStep(step);
      for (const examination of alike) examination.examine(requestClass);
    }
    done += alike.length;
  }
  return examinations.map((examination) => examination.proof());
}

function* classesOf(
  policy: Policy,
  all: readonly RequestSelection[],
  axis: HostAxis | undefined,
  tellingSegments: TellingSegments | undefined,
  ofTenants: PathTree<true> | undefined,
) {
  const more = ofTenants ? [ofTenants] : [];
  if (axis === undefined) {
    const selections = [...all.map(({ paths }) => selectionTree(paths)), ...more];
    yield* pathClasses([routeTree(policy)], { selections, needed: 2, tellingSegments });
    return;
  }
  const selections = [
    ...all.map(({ paths, hosts }) => axis.selectionTree(selectionTree(paths), hosts)),
    ...more.map((tree) => axis.selectionTree(tree, undefined)),
  ];
  yield* axis.classes([axis.routeTree(policy)], { selections, needed: 2, tellingSegments });
}

/** Whether the gateway refuses every token that grants more than its client's registration. `prove` assumes it does. */
export function isEnforced(policy: Pick<Policy, "issuers">): boolean {
  return [...policy.issuers.values()].every(({ registeredClientsOnly }) => registeredClientsOnly);
}
