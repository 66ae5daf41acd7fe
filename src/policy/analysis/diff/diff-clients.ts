import { meets } from "../../authorize.ts";
import type { Client, Route } from "../../policy.ts";
import type { ClassCall, Serving, Witness } from "./diff-routes.ts";

/** What a registered client can do now and could not before, and the reverse. */
export interface ClientChange {
  readonly client: string;
  readonly gained: readonly ClientCall[];
  readonly lost: readonly ClientCall[];
}

/** Calls that one route serves, or served. */
export interface ClientCall {
  /** `*` stands for all that are listed nowhere. */
  readonly methods: readonly string[];
  readonly route: Route;
  /** One of the calls. */
  readonly witness: Witness;
}

type Calls = Map<Route, ClientCall & { readonly methods: string[] }>;

/** Collects what changes for one client from request to request. One that is not registered can call what is public. */
export class ClientComparer {
  readonly #id: string;
  readonly #before: Client | undefined;
  readonly #after: Client | undefined;
  readonly #gained: Calls = new Map();
  readonly #lost: Calls = new Map();

  constructor(id: string, before: Client | undefined, after: Client | undefined) {
    this.#id = id;
    this.#before = before;
    this.#after = after;
  }

  /** @param call a request of each class, once */
  compare(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void {
    const could = mayCall(this.#before, old);
    const can = mayCall(this.#after, now);
    if (can && !could && now) add(this.#gained, now.route, call);
    if (could && !can && old) add(this.#lost, old.route, call);
  }

  change(): ClientChange {
    return { client: this.#id, gained: [...this.#gained.values()], lost: [...this.#lost.values()] };
  }
}

/** With all that its registration may be granted. */
function mayCall(client: Client | undefined, serving: Serving | undefined): boolean {
  if (serving === undefined) return false;
  if (serving.route.requirement.kind === "public") return true;
  return client !== undefined && meets(serving.formula, client.scopes);
}

function add(calls: Calls, route: Route, { method, path, label }: ClassCall): void {
  const known = calls.get(route);
  if (known === undefined) calls.set(route, { methods: [label], route, witness: { method, path } });
  else if (!known.methods.includes(label)) known.methods.push(label);
}
