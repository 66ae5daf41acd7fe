import { authorize } from "../../authorize.ts";
import type { Requirement, Route } from "../../policy.ts";
import { type ClassCall, type Serving, WITH_PATH_PARAMETERS, type Witness, withPathParameters } from "./class-call.ts";

/** The calls that a registered client gains and loses. */
export interface ClientChange {
  /** Its name, as `pairClients` gives it. */
  readonly client: string;
  readonly gained: readonly ClientCall[];
  /** The gateway refuses them now. */
  readonly lost: readonly ClientCall[];
  /**
   * The registration no longer allows them, but the gateway still accepts tokens with the scopes that the client had: the
   * issuer's `registeredClientsOnly` is off.
   */
  readonly unenforced: readonly ClientCall[];
}

/** Calls that one route serves: the route of the new policy if they are gained, that of the old one otherwise. */
export interface ClientCall {
  /** `*` stands for every method that no route of the path lists. */
  readonly methods: readonly string[];
  readonly route: Route;
  /** An example. */
  readonly witness: Witness;
  /** More about the calls, for people. */
  readonly note: string | undefined;
}

/** The scopes that a token grants, with all that they imply; `undefined`: the gateway refuses it, or there is none. */
type Effective = ReadonlySet<string> | undefined;

/** What a client's tokens grant. Without an accepted token it may call public routes only. */
export interface ClientScopes {
  /** With the old registration, under the old policy. */
  readonly before: Effective;
  /** With the new registration, under the new policy. */
  readonly after: Effective;
  /** With the scopes of the old registration, under the new policy: tokens of the old issuer, and of the new one. */
  readonly still: readonly Effective[];
}

type Calls = Map<string, ClientCall & { readonly methods: string[] }>;

/** Collects the calls that one client gains and loses. `clientAccess` says what is assumed of its tokens. */
export class ClientComparer {
  readonly #name: string;
  readonly #scopes: ClientScopes;
  readonly #gained: Calls = new Map();
  readonly #lost: Calls = new Map();
  readonly #unenforced: Calls = new Map();

  constructor(name: string, scopes: ClientScopes) {
    this.#name = name;
    this.#scopes = scopes;
  }

  /** Call it once for each class of requests. */
  compare(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void {
    this.#compare(old, now, call, undefined);
    const variant = withPathParameters(old, now, call);
    if (variant) this.#compare(variant.before, variant.after, variant.call, WITH_PATH_PARAMETERS);
  }

  change(): ClientChange {
    const [gained, lost, unenforced] = [this.#gained, this.#lost, this.#unenforced].map((calls) => [...calls.values()]);
    return { client: this.#name, gained: gained ?? [], lost: lost ?? [], unenforced: unenforced ?? [] };
  }

  #compare(old: Serving | undefined, now: Serving | undefined, call: ClassCall, note: string | undefined): void {
    const { before, after, still } = this.#scopes;
    const could = mayCall(before, old);
    const can = mayCall(after, now);
    if (can && !could && now) add(this.#gained, now.route, call, note);
    if (could && !can && old) {
      const isUnenforced = still.some((effective) => mayCall(effective, now));
      add(isUnenforced ? this.#unenforced : this.#lost, old.route, call, note);
    }
  }
}

/** By the scopes and the requirement, which never change. A client and a requirement meet at thousands of routes. */
const permitted = new WeakMap<ReadonlySet<string>, WeakMap<Requirement, boolean>>();

function mayCall(effective: Effective, serving: Serving | undefined): boolean {
  if (serving === undefined) return false;
  const { requirement } = serving.route;
  if (effective === undefined) return authorize(requirement, effective) === "permitted";
  const known = permitted.get(effective) ?? new WeakMap<Requirement, boolean>();
  permitted.set(effective, known);
  const may = known.get(requirement) ?? authorize(requirement, effective) === "permitted";
  known.set(requirement, may);
  return may;
}

function add(calls: Calls, route: Route, { method, path, label }: ClassCall, note: string | undefined): void {
  const key = `${route.index} ${note}`;
  const known = calls.get(key);
  if (known === undefined) calls.set(key, { methods: [label], route, witness: { method, path }, note });
  else if (!known.methods.includes(label)) known.methods.push(label);
}
