import type { Requirement } from "../../policy.ts";
import { type ClientHolder, mayCall } from "../client-access.ts";
import { once } from "../formulas/once.ts";
import type { AlikeServings } from "./alike-servings.ts";
import { isWrittenAlike } from "./written-alike.ts";

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

/** What happens to calls of a client. `unenforced`: see `ClientChange`. */
export type Effect = "gained" | "lost" | "unenforced";

/** What happens to the calls that had one requirement and have another now, for each client that notices. */
export type Effects<C> = readonly { readonly client: C; readonly effect: Effect }[];

/**
 * What happens to alike calls: for a client, to those of each member that is listed, or to the other policy's route.
 */
export interface AlikeEffect<C> {
  readonly client: C;
  readonly effect: Effect;
  /** The members whose own route the client gains or loses. */
  readonly each: readonly number[];
  /** If the client gains or loses the other policy's route: the index of a member that shows it. */
  readonly shownBy: number | undefined;
}

/**
 * Says which clients gain or lose calls by a change of their requirement. Each pair of requirements is worked out once:
 * thousands of routes share them, and there may be thousands of clients.
 */
export class ClientEffects<C extends { readonly holders: ClientHolders }> {
  readonly #clients: readonly C[];
  /**
   * Those whose tokens grant something else now. Only they notice a route whose requirement stays and has no
   * conditions.
   */
  readonly #changed: readonly C[];
  readonly #effects = new Map<Requirement | undefined, Map<Requirement | undefined, Effects<C>>>();
  readonly #alikeEffects = new WeakMap<AlikeServings, Map<Requirement, readonly AlikeEffect<C>[]>>();

  constructor(clients: readonly C[]) {
    this.#clients = clients;
    this.#changed = clients.filter(({ holders: { before, after } }) => !grantSame(before, after));
  }

  /** Of calls that had one requirement and have another now. `undefined`: no route serves them. */
  of(old: Requirement | undefined, now: Requirement | undefined): Effects<C> {
    return once(this.#effects, old, now, () => {
      const noticing = old && now && !hasConditions(now) && isWrittenAlike(old, now) ? this.#changed : this.#clients;
      return noticing.flatMap((client) => {
        const effect = effectOn(client.holders, old, now);
        return effect ? [{ client, effect }] : [];
      });
    });
  }

  /** Of calls that alike routes serve under one policy, and under the other a route with the requirement `other`. */
  ofAlike(alike: AlikeServings, other: Requirement): readonly AlikeEffect<C>[] {
    return once(this.#alikeEffects, alike, other, () =>
      this.#clients.flatMap((client) => alikeEffectsOn(client, alike, other)),
    );
  }
}

function alikeEffectsOn<C extends { readonly holders: ClientHolders }>(
  client: C,
  alike: AlikeServings,
  other: Requirement,
): readonly AlikeEffect<C>[] {
  const { before, after, still } = client.holders;
  const { may, not } = alike.splitFor(alike.isBefore ? before : after);
  const isOtherCalled = mayCallRoute(alike.isBefore ? after : before, other);
  const ofEach = (effect: Effect) => [{ client, effect, each: may, shownBy: undefined }];
  const ofOther = (effect: Effect, shownBy: number | undefined) =>
    shownBy === undefined ? [] : [{ client, effect, each: [], shownBy }];
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
