import type { Route } from "../../policy.ts";
import { type Message, messageText } from "../messages/message.ts";
import type { AlikeServings } from "./alike-servings.ts";
import { type CallVariants, variantsTaken } from "./call-variants.ts";
import { type ClassCall, NO_MESSAGE, type Serving, type Witness, witnessOf } from "./class-call.ts";
import { ClientEffects, type ClientHolders, type Effect, type Effects } from "./client-effects.ts";
import { MethodLists, NO_METHODS } from "./method-lists.ts";

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

/** A client under two policies. */
export interface ComparedClient {
  readonly name: string;
  readonly isNameReused: boolean;
  readonly holders: ClientHolders;
}

type Calls = Map<string | number, ClientCall & { methods: readonly string[] }>;

/** What a client has gained and lost so far. */
interface Account extends ComparedClient {
  readonly calls: Readonly<Record<Effect, Calls>>;
}

/** Collects the calls that clients gain and lose. `clientAccess` says what is assumed of their tokens. */
export class ClientComparer {
  readonly #accounts: readonly Account[];
  readonly #effects: ClientEffects<Account>;
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
    this.#effects = new ClientEffects(this.#accounts);
  }

  /** Call it once for each class of requests. */
  compare(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void {
    const note = call.isNoMessage && NO_MESSAGE;
    this.#compare(old, now, call, note, this.#effects.of(old?.requirement, now?.requirement));
    this.#compareVariants(old, now, call);
  }

  /** Like `RouteComparer.compareAlike`. A call is told of each route that a client gains or loses. */
  compareAlike(alike: AlikeServings, other: Serving, callOf: (index: number) => ClassCall): void {
    const { members, isBefore } = alike;
    for (const { client, effect, each, shownBy } of this.#effects.ofAlike(alike, other.route.requirement)) {
      const calls = client.calls[effect];
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
      const effects = this.#effects.of(before?.requirement, after?.requirement);
      const told = isServedByBoth ? this.#effects.of(old?.requirement, now?.requirement) : [];
      const others = effects.filter(
        ({ client, effect }) => !told.some((it) => it.client === client && it.effect === effect),
      );
      this.#compare(before, after, variant, note, others);
    }
  }

  #compare(
    old: Serving | undefined,
    now: Serving | undefined,
    call: ClassCall,
    note: string | undefined,
    effects: Effects<Account>,
  ): void {
    if (effects.length === 0) return;
    // One example for all clients.
    const witness = witnessOf(call);
    for (const { client, effect } of effects) {
      const route = (effect === "gained" ? now : old)?.route;
      if (route) this.#add(client.calls[effect], route, call, note, witness);
    }
  }
}
