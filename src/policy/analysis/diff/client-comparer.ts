import { authorize } from "../../authorize.ts";
import type { Route } from "../../policy.ts";
import type { ClassCall, Serving, Witness } from "./route-comparer.ts";

/** The calls that a registered client gains and loses. */
export interface ClientChange {
  /** Its name, in the new policy if it is there. */
  readonly client: string;
  readonly gained: readonly ClientCall[];
  readonly lost: readonly ClientCall[];
}

/** Calls that one route serves, in the new policy if they are gained, in the old one if they are lost. */
export interface ClientCall {
  /** `*` stands for every method that no route of the path lists. */
  readonly methods: readonly string[];
  readonly route: Route;
  /** An example. */
  readonly witness: Witness;
}

type Calls = Map<Route, ClientCall & { readonly methods: string[] }>;

/**
 * Collects the calls that one client gains and loses. The client is taken to have all the scopes of its registration.
 * Under a policy in which it is not registered it may call public routes only.
 */
export class ClientComparer {
  readonly #name: string;
  readonly #before: ReadonlySet<string> | undefined;
  readonly #after: ReadonlySet<string> | undefined;
  readonly #gained: Calls = new Map();
  readonly #lost: Calls = new Map();

  /** @param before its effective scopes under the old policy, `after` under the new one; `undefined`: not registered */
  constructor(name: string, before: ReadonlySet<string> | undefined, after: ReadonlySet<string> | undefined) {
    this.#name = name;
    this.#before = before;
    this.#after = after;
  }

  /** Call it once for each class of requests. */
  compare(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void {
    const could = mayCall(this.#before, old);
    const can = mayCall(this.#after, now);
    if (can && !could && now) add(this.#gained, now.route, call);
    if (could && !can && old) add(this.#lost, old.route, call);
  }

  change(): ClientChange {
    return { client: this.#name, gained: [...this.#gained.values()], lost: [...this.#lost.values()] };
  }
}

function mayCall(effective: ReadonlySet<string> | undefined, serving: Serving | undefined): boolean {
  return serving !== undefined && authorize(serving.route.requirement, effective) === "permitted";
}

function add(calls: Calls, route: Route, { method, path, label }: ClassCall): void {
  const known = calls.get(route);
  if (known === undefined) calls.set(route, { methods: [label], route, witness: { method, path } });
  else if (!known.methods.includes(label)) known.methods.push(label);
}
