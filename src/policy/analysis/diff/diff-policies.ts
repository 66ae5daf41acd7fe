import type { Policy, RouteGroup } from "../../policy.ts";
import { holderOf, issOf } from "../client-access.ts";
import { createAccessOf } from "../formulas/access.ts";
import { originsOf, tenantsInPaths } from "../formulas/origins.ts";
import { Realizer, routesOf, segmentsLookedAt } from "../formulas/realize.ts";
import { HostAxis } from "../host-classes.ts";
import type { OnStep } from "../on-step.ts";
import { fixedSegments } from "../paths/fixed-segments.ts";
import type { TellingSegments } from "../paths/found-classes.ts";
import type { PathClass } from "../paths/path-class.ts";
import { pathClasses } from "../paths/path-classes.ts";
import type { PathTree } from "../paths/path-tree.ts";
import { withOpenReports } from "../reports.ts";
import { routeTree } from "../route-tree.ts";
import { CallComparer, type RequestClass } from "./call-comparer.ts";
import { CallVariants } from "./call-variants.ts";
import type { Groups } from "./class-call.ts";
import { type ClientChange, ClientComparer } from "./client-comparer.ts";
import type { ClientHolders } from "./client-effects.ts";
import { diffMessageRules } from "./diff-message-rules.ts";
import { diffRateLimits } from "./diff-rate-limits.ts";
import { type RouteChange, RouteComparer } from "./route-comparer.ts";
import { diffSettings } from "./settings/diff-settings.ts";
import type { SettingChange } from "./settings/setting-change.ts";
import { type ClientPair, pairClients } from "./settings/shared/pair-clients.ts";

/** How two policies differ in their effect. If all three lists are empty, both have the same effect. */
export interface PolicyDifference {
  readonly routes: readonly RouteChange[];
  /** Changes outside routes, such as those of issuers. */
  readonly settings: readonly SettingChange[];
  readonly clients: readonly ClientChange[];
}

/** Fewer changes are told one by one. */
const LEAST_ALIKE = 16;

/**
 * Compares two policies by what they do with every request: every class of paths, every method, and every set of scopes
 * that a token of each issuer may grant by full name. It compares where upstreams lead, not what they are called, and
 * it ignores how the files are written. `clientAccess` says what it assumes of the tokens of clients.
 *
 * Where one route takes over alike requests from many others, such as those to `/:tenant/orders/:id`, to
 * `/:tenant/invoices/:id` and so on, these are one change with one of them as an example.
 *
 * A route with `report` counts as public: `policyOn` removes each `report` that has ended.
 *
 * On a host that only one of them serves, a route that names the host is new or gone. Routes that name no host are
 * compared as if both policies served it: that they serve there now, or no longer, is a change of `hosts`.
 *
 * It does not compare how requests that no route serves are refused (400, 404 or 405), nor the answers to CORS
 * preflights.
 *
 * @param onStep is told what is compared, at every class of paths
 * @throws UndecidedError
 */
export function diffPolicies(before: Policy, after: Policy, onStep?: OnStep): PolicyDifference {
  return diffServed(withOpenReports(before), withOpenReports(after), onStep);
}

/** Assumes that each route of both policies enforces what it says. */
function diffServed(before: Policy, after: Policy, onStep: OnStep = () => {}): PolicyDifference {
  const origins = originsOf(before, after);
  const lookedAt = segmentsLookedAt(before, after);
  const realizer = new Realizer([before, after]);
  const accessTo = [createAccessOf(before, origins, 0).byIssuer, createAccessOf(after, origins, 1).byIssuer] as const;
  const variants = new CallVariants(accessTo);
  const routes = new RouteComparer(origins, variants, realizer);
  const clients = new ClientComparer(
    pairClients(before, after).map((pair) => ({ ...pair, holders: holdersOf(pair, before, after) })),
    variants,
  );
  const comparer = new CallComparer(
    accessTo,
    [routes, clients],
    lookedAt &&
      (({ path, pins }, ...ofBoth) =>
        realizer.pathOf(
          path,
          pins,
          ofBoth.flatMap((route) => (route ? lookedAt(route) : [])),
        )),
  );
  // What a condition on paths asks for depends on the literal, so classes that differ in one are not alike.
  // The leaves of a selection are no groups of routes.
  const tellingSegments =
    lookedAt && ((leaf: unknown) => (leaf === true ? [] : routesOf(leaf as RouteGroup).flatMap(lookedAt)));
  const ofTenants = fixedSegments([before, after], tenantsInPaths(origins), lookedAt);
  for (const requestClass of classesOf(before, after, tellingSegments, ofTenants)) {
    onStep("comparing the requests of both policies");
    comparer.compare(requestClass);
  }
  return {
    routes: routes.changes(),
    settings: [...diffSettings(before, after), ...diffRateLimits(before, after), ...diffMessageRules(before, after)],
    clients: clients.changes(),
  };
}

function* classesOf(
  before: Policy,
  after: Policy,
  tellingSegments: TellingSegments | undefined,
  ofTenants: PathTree<true> | undefined,
): Generator<RequestClass, void> {
  const options = tellingSegments ? { tellingSegments } : { leastAlike: LEAST_ALIKE };
  const axis = HostAxis.of([before, after]);
  if (axis === undefined) {
    const trees = [routeTree(before), routeTree(after)] as const;
    if (ofTenants === undefined) yield* pathClasses(trees, options);
    else for (const found of pathClasses(trees, { ...options, selections: [ofTenants] })) yield withoutMarks(found);
    return;
  }
  const trees = [axis.routeTree(before), axis.routeTree(after)] as const;
  const tenants = ofTenants ? [axis.selectionTree(ofTenants, undefined)] : [];
  if (areSame(before.hosts, after.hosts)) {
    if (ofTenants === undefined) yield* axis.classes(trees, options);
    else for (const found of axis.classes(trees, { ...options, selections: tenants })) yield withoutMarks(found);
    return;
  }
  const [was, is] = [axis.servedBy(before), axis.servedBy(after)];
  for (const found of axis.classes(trees, { ...options, selections: [was.tree, is.tree, ...tenants] })) {
    const isServed = [was.isServed(found.leaves[2]), is.isServed(found.leaves[3])] as const;
    yield { ...withoutMarks(found), onlyServer: isServed[0] === isServed[1] ? undefined : isServed[0] ? 0 : 1 };
  }
}

/** A class without the leaves of selections, which only tell it from others. */
function withoutMarks({ path, pins, leaves, ...rest }: Marked): RequestClass {
  const host = "host" in rest ? { host: rest.host } : {};
  return { path, pins, leaves: [leaves[0], leaves[1]], alike: undefined, ...host };
}

type Marked = Pick<PathClass<Groups>, "path" | "pins"> &
  Pick<RequestClass, "host"> & { readonly leaves: readonly [...Groups, ...unknown[]] };

function areSame(one: Policy["hosts"], other: Policy["hosts"]): boolean {
  return one === undefined || other === undefined ? one === other : one.symmetricDifference(other).size === 0;
}

function holdersOf({ before: old, after: now }: ClientPair, before: Policy, after: Policy): ClientHolders {
  const was = old && { iss: issOf(before, old.issuer), id: old.id };
  const is = now && { iss: issOf(after, now.issuer), id: now.id };
  const holderIn = (policy: Policy, token: typeof was, held: Iterable<string> = []) =>
    token && holderOf(policy, token.iss, token.id, held);
  return {
    before: holderIn(before, was, old?.scopes),
    after: holderIn(after, is, now?.scopes),
    still: [was, is].map((token) => holderIn(after, token, old?.scopes)),
  };
}
