import type { Requirement, Route } from "../../policy.ts";
import { type ClientHolder, mayCall } from "../client-access.ts";
import { once } from "../formulas/once.ts";
import { type Message, messageText } from "../messages/message.ts";
import type { AlikeServings } from "./alike-servings.ts";
import { type CallVariants, variantsTaken } from "./call-variants.ts";
import { type ClassCall, NO_MESSAGE, type Serving, type Witness, witnessOf } from "./class-call.ts";
import { MethodLists, NO_METHODS } from "./method-lists.ts";
import { isWrittenAlike } from "./written-alike.ts";

/** The calls that a registered client gains and loses. */
export interface ClientChange {
  /** Its name, in the new policy if it is there. */
  readonly client: string;
  /** Whether it is gone, and another client has its name in the new policy. */
  readonly isNameReused: boolean;
  readonly gained: readonly ClientCall[];
  /** The gateway refuses them now. */
  readonly lost: readonly ClientCall[];
  /**
   * The registration no longer allows them, but the gateway still accepts tokens with the scopes that the client had:
   * the issuer's `registeredClientsOnly` is off.
   */
  readonly unenforced: readonly ClientCall[];
}

/** Calls that one route serves: the route of the new policy if they are gained, that of the old one otherwise. */
export interface ClientCall {
  /** `*` stands for every method that no route of the path lists. */
  readonly methods: readonly string[];
  readonly route: Route;
  /**
   * The MCP messages, with a pattern in place of a name. Left out: the calls are not messages, or all of the route's.
   */
  readonly mcp?: Message;
  /** An example. */
  readonly witness: Witness;
  /** More about the calls, for people. */
  readonly note: string | undefined;
}

/** What a token gives its holder; `undefined`: the gateway refuses it, or there is none. */
type MaybeHolder = ClientHolder | undefined;

/** What a client's tokens give it. Without an accepted token it may call public routes only. */
export interface ClientHolders {
  /** With the old registration, under the old policy. */
  readonly before: MaybeHolder;
  /** With the new registration, under the new policy. */
  readonly after: MaybeHolder;
  /** With the scopes of the old registration, under the new policy: tokens of the old issuer, and of the new one. */
  readonly still: readonly MaybeHolder[];
}

/** A client under two policies. */
export interface ComparedClient {
  readonly name: string;
  readonly isNameReused: boolean;
  readonly holders: ClientHolders;
}

type Calls = Map<string | number, ClientCall & { methods: readonly string[] }>;

/** What happens to the calls of one client. */
type Effect = "gained" | "lost" | "unenforced";

/** What a client has gained and lost so far. */
interface Account extends ComparedClient {
  readonly calls: Readonly<Record<Effect, Calls>>;
}

/** What happens to the calls that had one requirement and have another now, for each client that notices. */
type Effects = readonly { readonly account: Account; readonly effect: Effect }[];

/**
 * What happens to alike calls: for a client, to those of each member that is listed, or to the other policy's route.
 */
interface AlikeEffect {
  readonly account: Account;
  readonly effect: Effect;
  /** The members whose own route the client gains or loses. */
  readonly each: readonly number[];
  /** If the client gains or loses the other policy's route: the index of a member that shows it. */
  readonly shownBy: number | undefined;
}

/** Collects the calls that clients gain and lose. `clientAccess` says what is assumed of their tokens. */
export class ClientComparer {
  readonly #accounts: readonly Account[];
  /**
   * Those whose tokens grant something else now. Only they notice a route whose requirement stays and has no
   * conditions.
   */
  readonly #changed: readonly Account[];
  /** By the requirements before and now: thousands of routes share them, and there may be thousands of clients. */
  readonly #effects = new Map<Requirement | undefined, Map<Requirement | undefined, Effects>>();
  readonly #alikeEffects = new WeakMap<AlikeServings, Map<Requirement, readonly AlikeEffect[]>>();
  /** The calls to which each member was added. */
  readonly #added = new WeakMap<AlikeServings, Set<Calls>>();
  readonly #methodLists = new MethodLists();

  readonly #variants: CallVariants;

  constructor(clients: readonly ComparedClient[], variants: CallVariants) {
    this.#variants = variants;
    this.#accounts = clients.map((client) => ({
      ...client,
      calls: { gained: new Map(), lost: new Map(), unenforced: new Map() },
    }));
    this.#changed = this.#accounts.filter(({ holders: { before, after } }) => !grantSame(before, after));
  }

  /** Call it once for each class of requests. */
  compare(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void {
    const note = call.isNoMessage && NO_MESSAGE;
    this.#compare(old, now, call, note, this.#effectsOf(old?.requirement, now?.requirement));
    this.#compareVariants(old, now, call);
  }

  /** Like `RouteComparer.compareAlike`. A call is told of each route that a client gains or loses. */
  compareAlike(alike: AlikeServings, other: Serving, callOf: (index: number) => ClassCall): void {
    const { members, isBefore } = alike;
    for (const { account, effect, each, shownBy } of this.#alikeEffectsOf(alike, other.route.requirement)) {
      const calls = account.calls[effect];
      if (shownBy !== undefined) this.#add(calls, other.route, callOf(shownBy), undefined);
      const added = this.#added.get(alike) ?? new Set<Calls>();
      this.#added.set(alike, added);
      // The same members change beside thousands of routes.
      if (each.length === 0 || added.has(calls)) continue;
      added.add(calls);
      for (const index of each) {
        const member = members[index];
        if (member) this.#add(calls, member.route, callOf(index), undefined);
      }
    }
    // What only the members let through changes for each of them by itself.
    const [{ route } = other] = members;
    for (const index of variantsTaken(route.upstream) === 0 ? [0] : members.keys()) {
      const [old, now] = isBefore ? [members[index], other] : [other, members[index]];
      this.#compareVariants(old, now, callOf(index));
    }
  }

  #add(
    calls: Calls,
    route: Route,
    call: ClassCall,
    note: string | undefined,
    witness: Witness = witnessOf(call),
  ): void {
    const mcp = call.messages?.pattern;
    const apart = [mcp && messageText(mcp), note].filter((it) => it !== undefined);
    const key = apart.length === 0 ? route.index : `${route.index} ${apart.join(" ")}`;
    const known = calls.get(key);
    if (known === undefined) {
      const methods = this.#methodLists.with(NO_METHODS, call.label);
      calls.set(key, { methods, route, ...(mcp && { mcp }), witness, note });
    } else known.methods = this.#methodLists.with(known.methods, call.label);
  }

  #compareVariants(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void {
    for (const { before, after, call: variant, note, isServedByBoth } of this.#variants.of(old, now, call)) {
      const effects = this.#effectsOf(before?.requirement, after?.requirement);
      const told = isServedByBoth ? this.#effectsOf(old?.requirement, now?.requirement) : [];
      const others = effects.filter(
        ({ account, effect }) => !told.some((it) => it.account === account && it.effect === effect),
      );
      this.#compare(before, after, variant, note, others);
    }
  }

  /** The clients that gain or lose a call, in their order. */
  changes(): readonly ClientChange[] {
    return this.#accounts
      .map(({ name, isNameReused, calls: { gained, lost, unenforced } }) => ({
        client: name,
        isNameReused,
        gained: [...gained.values()],
        lost: [...lost.values()],
        unenforced: [...unenforced.values()],
      }))
      .filter(({ gained, lost, unenforced }) => gained.length + lost.length + unenforced.length > 0);
  }

  #compare(
    old: Serving | undefined,
    now: Serving | undefined,
    call: ClassCall,
    note: string | undefined,
    effects: Effects,
  ): void {
    if (effects.length === 0) return;
    // One example for all clients.
    const witness = witnessOf(call);
    for (const { account, effect } of effects) {
      const route = (effect === "gained" ? now : old)?.route;
      if (route) this.#add(account.calls[effect], route, call, note, witness);
    }
  }

  #alikeEffectsOf(alike: AlikeServings, other: Requirement): readonly AlikeEffect[] {
    return once(this.#alikeEffects, alike, other, () =>
      this.#accounts.flatMap((account) => this.#alikeEffectsOn(account, alike, other)),
    );
  }

  #alikeEffectsOn(account: Account, alike: AlikeServings, other: Requirement): readonly AlikeEffect[] {
    const { before, after, still } = account.holders;
    const { may, not } = alike.splitFor(alike.isBefore ? before : after);
    const isOtherCalled = mayCallRoute(alike.isBefore ? after : before, other);
    const ofEach = (effect: Effect) => [{ account, effect, each: may, shownBy: undefined }];
    const ofOther = (effect: Effect, shownBy: number | undefined) =>
      shownBy === undefined ? [] : [{ account, effect, each: [], shownBy }];
    if (alike.isBefore) {
      if (isOtherCalled) return ofOther("gained", not[0]);
      return ofEach(still.some((holder) => mayCallRoute(holder, other)) ? "unenforced" : "lost");
    }
    if (!isOtherCalled) return ofEach("gained");
    const kept = new Set(still.flatMap((holder) => alike.splitFor(holder).may));
    return [
      ...ofOther(
        "unenforced",
        not.find((index) => kept.has(index)),
      ),
      ...ofOther(
        "lost",
        not.find((index) => !kept.has(index)),
      ),
    ];
  }

  #effectsOf(old: Requirement | undefined, now: Requirement | undefined): Effects {
    return once(this.#effects, old, now, () => {
      const noticing = old && now && !hasConditions(now) && isWrittenAlike(old, now) ? this.#changed : this.#accounts;
      return noticing.flatMap((account) => {
        const effect = effectOn(account.holders, old, now);
        return effect ? [{ account, effect }] : [];
      });
    });
  }
}

/**
 * Which conditions a client can meet depends on more than its tokens' scopes: on the tenants of its issuer, for
 * example.
 */
function hasConditions(requirement: Requirement): boolean {
  return requirement.kind === "scopes" && requirement.conditions !== undefined;
}

/** What happens to the calls of a client; `undefined`: nothing. An undefined requirement: no route serves them. */
function effectOn(
  { before, after, still }: ClientHolders,
  old: Requirement | undefined,
  now: Requirement | undefined,
): Effect | undefined {
  const could = mayCallRoute(before, old);
  const can = mayCallRoute(after, now);
  if (could === can) return undefined;
  if (can) return "gained";
  return still.some((holder) => mayCallRoute(holder, now)) ? "unenforced" : "lost";
}

function mayCallRoute(holder: MaybeHolder, requirement: Requirement | undefined): boolean {
  return requirement !== undefined && mayCall(requirement, holder);
}

function grantSame(before: MaybeHolder, after: MaybeHolder): boolean {
  if (before === undefined || after === undefined) return before === after;
  const [was, is] = [before.effective, after.effective];
  const isSameHolder = before.issuer === after.issuer && before.canBeBound === after.canBeBound;
  return isSameHolder && was.size === is.size && was.isSubsetOf(is);
}
