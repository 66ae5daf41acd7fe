import { admitsAnyone } from "../../authorize.ts";
import type { Issuer, Route } from "../../policy.ts";
import { type Access, type AccessComparison, compareAccess, type Difference } from "../formulas/access.ts";
import { type Comparison, compareFormulas, type Formula } from "../formulas/formula.ts";
import { once } from "../formulas/once.ts";
import type { Origin } from "../formulas/origins.ts";
import { pathOfTenant, Realizer } from "../formulas/realize.ts";
import { type Message, messageText } from "../messages/message.ts";
import type { AlikeMembers, AlikeServings } from "./alike-servings.ts";
import { type CallVariants, variantsTaken } from "./call-variants.ts";
import { CHANGE_KINDS, type ChangeKind, type Found } from "./change-kind.ts";
import { type ClassCall, NO_MESSAGE, type Serving, type Witness, witnessOf } from "./class-call.ts";
import { type CompareAccess, compareCallers, withoutChangesOfClass } from "./compare-callers.ts";
import { compareLimits } from "./compare-limits.ts";
import { compareRewriting } from "./compare-rewriting.ts";
import { MethodLists, NO_METHODS } from "./method-lists.ts";
import type { NotCompared } from "./settings/comparers.ts";
import { diffDelivery } from "./settings/diff-upstreams.ts";

/** A change for the requests that one route served before and one serves now. */
export interface RouteChange {
  readonly kind: ChangeKind;
  /** `*` stands for every method that no route of the path lists. */
  readonly methods: readonly string[];
  readonly before: Route | undefined;
  readonly after: Route | undefined;
  /** The MCP messages that change, with a pattern in place of a name. Left out: all of the requests do. */
  readonly mcp?: Message;
  /** One of the requests. */
  readonly witness: Witness;
  /** For `looser` and `incomparable`: full names of scopes that are enough now and were not before. */
  readonly gained: readonly string[] | undefined;
  /** Whose tokens gain, if the policies do not treat all issuers alike. */
  readonly gainedBy: Issuer | undefined;
  /** The tenant of that token, if the policies tell tenants apart. */
  readonly gainedTenant: string | undefined;
  /** The claims with which that token meets conditions; `undefined`: it needs none. */
  readonly gainedClaims: Claims | undefined;
  /** For `tighter` and `incomparable`: full names of scopes that were enough before and are not now. */
  readonly lost: readonly string[] | undefined;
  /** Whose tokens lose, if the policies do not treat all issuers alike. */
  readonly lostBy: Issuer | undefined;
  /** The tenant of that token, if the policies tell tenants apart. */
  readonly lostTenant: string | undefined;
  /** The claims with which that token meets conditions; `undefined`: it needs none. */
  readonly lostClaims: Claims | undefined;
  /** The request that shows the loss, if `witness` shows only the gain. */
  readonly lostWitness: Witness | undefined;
  /** More about the change, for people. */
  readonly note: string | undefined;
}

type Claims = Readonly<Record<string, unknown>>;
type MaybeServing = Serving | undefined;
type Compare = (
  old: MaybeServing,
  now: MaybeServing,
  compareAccess: CompareAccess,
  call: ClassCall,
) => readonly Found[];

/** How each member of a route is compared. A new member does not compile until it is listed. */
const ROUTE: { readonly [Member in keyof Route]-?: Compare | NotCompared } = {
  requirement: compareCallersOf,
  upstream: compareDelivery,
  rewriting: (old, now, _compareAccess, call) => compareSentPath(old, now, call),
  rateLimits: compareLimits,
  upstreamPath: "elsewhere",
  // They decide which requests a route serves, and every class of requests is compared.
  path: "elsewhere",
  methods: "elsewhere",
  hosts: "elsewhere",
  // So do its messages. `diffMessageRules` compares the rest.
  mcp: "elsewhere",
  // Such a route is compared as a public one.
  report: "elsewhere",
  index: "no-effect",
};

const COMPARED = Object.values(ROUTE).filter((compare) => typeof compare === "function");

/** Collects what changes from one class of requests to the next. */
export class RouteComparer {
  readonly #origins: readonly Origin[];
  readonly #comparisons = new Map<Access, Map<Access, AccessComparison>>();
  readonly #formulaComparisons = new Map<Formula, Map<Formula, Comparison>>();
  readonly #changes = new Map<string | number, RouteChange & { methods: readonly string[] }>();
  readonly #methodLists = new MethodLists();

  readonly #variants: CallVariants;
  readonly #realizer: Realizer;

  /** @param origins those of both policies */
  constructor(origins: readonly Origin[], variants: CallVariants, realizer: Realizer = new Realizer([])) {
    this.#origins = origins;
    this.#variants = variants;
    this.#realizer = realizer;
  }

  /** Call it once for each class of requests. */
  compare(old: MaybeServing, now: MaybeServing, call: ClassCall): void {
    for (const compare of COMPARED) {
      // What is not about callers is the same for all messages, so it is one change.
      const told =
        compare === compareCallersOf || call.messages === undefined ? call : { ...call, messages: undefined };
      for (const found of compare(old, now, this.#compareAccess, call)) this.#add(found, old, now, told);
    }
    this.#compareVariants(old, now, call);
  }

  /**
   * Call it once for each group of alike classes. What changes for many of them in the same way is one change, with the
   * first of the routes and the number of the others.
   *
   * @param other the route of the other policy, which serves them all
   * @param callOf the request to the member at an index
   */
  compareAlike(alike: AlikeServings, other: Serving, callOf: (index: number) => ClassCall): void {
    const sidesOf = (index: number): readonly [MaybeServing, MaybeServing] =>
      alike.isBefore ? [alike.members[index], other] : [other, alike.members[index]];
    const found = new Map<string, { readonly change: Found; readonly first: number; count: number }>();
    const count = (key: string, change: Found, { first, count }: AlikeMembers): void => {
      const same = found.get(key) ?? { change, first, count: 0 };
      same.count += count;
      found.set(key, same);
    };
    for (const [compare, members] of [
      [compareCallers, alike.byAccessBeside(other)],
      [compareDelivery, alike.byDelivery],
    ] as const) {
      for (const alike of members) {
        for (const change of compare(...sidesOf(alike.first), this.#compareAccess)) {
          // Each upstream is elsewhere, so each `moved` has a note of its own.
          count(change.kind === "moved" ? change.kind : `${change.kind} ${change.note}`, change, alike);
        }
      }
    }
    // Each member has literals and limits of its own, so each is compared. Few policies rewrite paths or limit rates.
    for (const [first, { route }] of alike.members.entries()) {
      if (route.rateLimits || other.route.rateLimits) {
        for (const change of compareLimits(...sidesOf(first)))
          count(`limits ${change.note}`, change, { first, count: 1 });
      }
      if (!route.rewriting && !other.route.rewriting) continue;
      for (const change of compareSentPath(...sidesOf(first), callOf(first)))
        count("path", change, { first, count: 1 });
    }
    for (const { change, first, count } of found.values()) {
      const others = count > 1 ? `also ${alike.isBefore ? "from" : "to"} ${count - 1} other routes` : undefined;
      const note = [change.note, others].filter((text) => text !== undefined).join(", ") || undefined;
      this.#add({ ...change, note }, ...sidesOf(first), callOf(first));
    }
    // What only the members let through changes for each of them by itself.
    const [{ route } = other] = alike.members;
    const each = variantsTaken(route.upstream) === 0 ? [0] : alike.members.keys();
    for (const index of each) this.#compareVariants(...sidesOf(index), callOf(index));
  }

  /** All changes so far, in the order of their kinds. */
  changes(): readonly RouteChange[] {
    const rank = ({ kind }: RouteChange): number => CHANGE_KINDS.indexOf(kind);
    return [...this.#changes.values()].sort((one, other) => rank(one) - rank(other));
  }

  /** Compares the same request with what only some upstreams let through, such as path parameters (`;`). */
  #compareVariants(old: MaybeServing, now: MaybeServing, call: ClassCall): void {
    for (const { before, after, call: variant, note, isServedByBoth } of this.#variants.of(old, now, call)) {
      const told = isServedByBoth ? compareCallers(old, now, this.#compareAccess) : [];
      for (const found of withoutChangesOfClass(compareCallers(before, after, this.#compareAccess), told)) {
        // The upstream may read the variant in its own way, so a route that lets it through becomes looser.
        const kind = found.kind === "added" && old !== undefined ? "looser" : found.kind;
        this.#add({ ...found, kind, note }, before, after, variant);
      }
    }
  }

  #add({ kind, gained, lost, note }: Found, old: MaybeServing, now: MaybeServing, call: ClassCall): void {
    const [before, after] = [old?.route, now?.route];
    const mcp = call.messages?.pattern;
    const key = keyOf(kind, before, after, mcp === undefined ? note : `${messageText(mcp)} ${note ?? ""}`);
    const known = this.#changes.get(key);
    if (known === undefined) {
      const gain = gained && this.#show(gained, 1, call);
      const loss = lost && this.#show(lost, 0, call);
      const witness = gain?.witness ?? loss?.witness ?? witnessOf(call);
      this.#changes.set(key, {
        kind,
        methods: this.#methodLists.with(NO_METHODS, call.label),
        before,
        after,
        ...(mcp && { mcp }),
        witness,
        gained: gain?.scopes,
        gainedBy: gain?.by,
        gainedTenant: gain?.tenant,
        gainedClaims: gain?.claims,
        lost: loss?.scopes,
        lostBy: loss?.by,
        lostTenant: loss?.tenant,
        lostClaims: loss?.claims,
        lostWitness: loss?.witness.path === witness.path ? undefined : loss?.witness,
        note,
      });
    } else known.methods = this.#methodLists.with(known.methods, call.label);
  }

  /**
   * A request, and a token with which only one policy permits it.
   *
   * @param policy the place of that policy: 0 for the old one
   */
  #show({ origin, isOnly, scopes: found }: Difference, policy: 0 | 1, call: ClassCall) {
    const path = pathOfTenant(found, call.path, origin.tenant);
    const witness = witnessOf(call);
    return {
      ...this.#realizer.tokenFor(found, path, origin.tenant, origin.issuers[policy]?.[0]),
      witness: path === call.path ? witness : { ...witness, path },
      by: isOnly ? undefined : origin.issuers[policy]?.[0],
      tenant: origin.tenant?.name,
    };
  }

  /** Like `compareAccess`, once for each pair: many routes have the same requirement. */
  readonly #compareAccess: CompareAccess = (before, after) =>
    once(this.#comparisons, before, after, () => compareAccess(before, after, this.#origins, this.#compareFormulas));

  /** Like `compareFormulas`, once for each pair: many origins have the same formulas. */
  readonly #compareFormulas = (before: Formula, after: Formula): Comparison =>
    once(this.#formulaComparisons, before, after, () => compareFormulas(before, after));
}

/** Tells changes apart: by a number if nothing else does, because there may be hundreds of thousands. */
function keyOf(
  kind: ChangeKind,
  before: Route | undefined,
  after: Route | undefined,
  apart: string | undefined,
): string | number {
  const [was, is] = [(before?.index ?? -1) + 1, (after?.index ?? -1) + 1];
  if (apart !== undefined) return `${kind} ${was} ${is} ${apart}`;
  return (CHANGE_KINDS.indexOf(kind) * MAX_ROUTES + was) * MAX_ROUTES + is;
}

/** More routes than a text can have. Three such numbers fit into one. */
const MAX_ROUTES = 2 ** 24;

/** Like `compareCallers`, for requests that may be messages. */
function compareCallersOf(
  old: MaybeServing,
  now: MaybeServing,
  compareAccess: CompareAccess,
  { method, groups: [before], isNoMessage }: ClassCall,
): readonly Found[] {
  const found = compareCallers(old, now, compareAccess);
  if (isNoMessage && now === undefined) return found.map((change) => ({ ...change, note: NO_MESSAGE }));
  if (now === undefined || now.route.mcp || !before?.byMethod.get(method)?.mcp) return found;
  // An MCP route served the path before, and refused what it did not list.
  return found.map((change) => {
    if (change.kind === "added") return { kind: "looser", note: UNREAD };
    return change.kind === "opened" && old === undefined ? { ...change, note: UNREAD } : change;
  });
}

const UNREAD = "the gateway no longer reads messages";

/** Compares what the gateway does with a request that it forwards. */
function compareDelivery(old: MaybeServing, now: MaybeServing): readonly Found[] {
  return old && now ? [...compareReading(old.route, now.route), ...diffDelivery(old.route, now.route)] : [];
}

/** Compares the path that the upstream gets. */
function compareSentPath(old: MaybeServing, now: MaybeServing, call: ClassCall): readonly Found[] {
  const note = old && now && compareRewriting(old.route.rewriting, now.route.rewriting, call);
  return note === undefined ? [] : [{ kind: "moved", note }];
}

/**
 * Compares two routes that take callers without a token. Every caller can leave the token out, so an optional token
 * opens and closes nothing: the upstream learns of the caller, or no longer does.
 */
function compareReading({ requirement: was }: Route, { requirement: is }: Route): readonly Found[] {
  if (was.kind === is.kind || !admitsAnyone(was) || !admitsAnyone(is)) return [];
  return is.kind === "public"
    ? [{ kind: "headers", note: "the caller's token is no longer verified, and its claims are no longer passed on" }]
    : [{ kind: "headers", note: "a token that the caller sends must be valid, and its claims are passed on" }];
}
