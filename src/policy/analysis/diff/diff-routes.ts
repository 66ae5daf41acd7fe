import { admitsAnyone } from "../../authorize.ts";
import type { Route, Upstream } from "../../policy.ts";
import { type Comparison, compareFormulas, type Formula } from "../formula.ts";

/**
 * What became of requests, the most noteworthy first. `opened`: no token is needed now. `looser`, `tighter`: more, or
 * fewer, sets of scopes suffice. `incomparable`: some suffice now that did not, and the reverse. `added`, `removed`:
 * served now, or no longer. `moved`: to another upstream. `headers`: the upstream gets other headers.
 */
const CHANGE_KINDS = ["opened", "looser", "incomparable", "added", "tighter", "removed", "moved", "headers"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Requests that one route served before and one serves now. */
export interface RouteChange {
  readonly kind: ChangeKind;
  /** `*` stands for all that are listed nowhere. */
  readonly methods: readonly string[];
  readonly before: Route | undefined;
  readonly after: Route | undefined;
  /** One of the requests. */
  readonly witness: Witness;
  /** Full names of scopes that suffice now and did not before: of `looser` and `incomparable`. */
  readonly gained: readonly string[] | undefined;
  /** Full names of scopes that sufficed before and do not now: of `tighter` and `incomparable`. */
  readonly lost: readonly string[] | undefined;
  /** What else there is to say, for people. */
  readonly note: string | undefined;
}

export interface Witness {
  readonly method: string;
  /** In canonical form. */
  readonly path: string;
}

/** A request that stands for its class. */
export interface ClassCall extends Witness {
  /** The method as people should read it. */
  readonly label: string;
}

/** The route that serves a request under one policy, and what its requirement means there. */
export interface Serving {
  readonly route: Route;
  readonly formula: Formula;
}

/** Collects what changes from request to request. */
export class RouteComparer {
  readonly #comparisons = new Map<Formula, Map<Formula, Comparison>>();
  readonly #changes = new Map<string, RouteChange & { readonly methods: string[] }>();

  /** @param call a request of each class, once */
  compare(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void {
    this.#compareAccess(old, now, call);
    if (old && now) this.#compareDelivery(old, now, call);
    this.#compareWithParameters(old, now, call);
  }

  changes(): readonly RouteChange[] {
    const rank = ({ kind }: RouteChange): number => CHANGE_KINDS.indexOf(kind);
    return [...this.#changes.values()].sort((one, other) => rank(one) - rank(other));
  }

  #compareAccess(old: Serving | undefined, now: Serving | undefined, call: ClassCall, note?: string): void {
    const change = (kind: ChangeKind, { gained, lost }: Partial<Comparison> = {}): void =>
      this.#add(kind, old, now, call, { gained: gained && [...gained], lost: lost && [...lost], note });
    const [wasPublic, isPublic] = [old, now].map((serving) => serving && admitsAnyone(serving.route.requirement));
    if (isPublic) {
      if (!wasPublic) change("opened");
    } else if (now === undefined) change("removed");
    else if (old === undefined) change("added");
    else if (wasPublic) change("tighter");
    else {
      const comparison = this.#comparison(old.formula, now.formula);
      if (comparison.relation !== "equal") change(comparison.relation, comparison);
    }
  }

  #compareDelivery(old: Serving, now: Serving, call: ClassCall): void {
    const [was, is] = [old.route.upstream, now.route.upstream];
    const [from, to] = [targetOf(was), targetOf(is)];
    if (from !== to) this.#add("moved", old, now, call, { note: `from ${from} to ${to}` });
    if (was.forwardAuthorization !== is.forwardAuthorization) {
      const passed = is.forwardAuthorization ? "now passed on" : "no longer passed on";
      this.#add("headers", old, now, call, { note: `the caller's Authorization is ${passed}` });
    }
  }

  /** Paths with parameters (`;`) reach only some upstreams. The root has no segment that could have any. */
  #compareWithParameters(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void {
    const [could, can] = [old, now].map((serving) => serving?.route.upstream.allowPathParameters ?? false);
    if (could === can || call.path === "/") return;
    const withParameters = { ...call, path: call.path.replace(/^\/[^/]+/, "$&;v=1") };
    this.#compareAccess(could ? old : undefined, can ? now : undefined, withParameters, "with path parameters");
  }

  #add(
    kind: ChangeKind,
    old: Serving | undefined,
    now: Serving | undefined,
    { method, path, label }: ClassCall,
    { gained, lost, note }: Partial<Pick<RouteChange, "gained" | "lost" | "note">>,
  ): void {
    const [before, after] = [old?.route, now?.route];
    const key = `${kind} ${before?.index} ${after?.index} ${note}`;
    const known = this.#changes.get(key);
    if (known === undefined) {
      const witness = { method, path };
      this.#changes.set(key, { kind, methods: [label], before, after, witness, gained, lost, note });
    } else if (!known.methods.includes(label)) known.methods.push(label);
  }

  #comparison(old: Formula, now: Formula): Comparison {
    const byNow = this.#comparisons.get(old) ?? new Map<Formula, Comparison>();
    this.#comparisons.set(old, byNow);
    const comparison = byNow.get(now) ?? compareFormulas(old, now);
    byNow.set(now, comparison);
    return comparison;
  }
}

/** Where requests end up, whatever the upstream is called. */
function targetOf(upstream: Upstream): string {
  return upstream.kind === "url" ? `${upstream.origin}${upstream.pathPrefix}` : `service ${upstream.binding}`;
}
