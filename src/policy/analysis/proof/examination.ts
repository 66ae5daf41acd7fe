import type { CallSelection, Guarantee, PathSelection, Route, RouteGroup } from "../../policy.ts";
import { routeFor } from "../../routing/route-table.ts";
import { messageText } from "../messages/message.ts";
import type { MessageClass } from "../messages/message-classes.ts";
import { methodClasses } from "../method-classes.ts";
import type { PathClass } from "../paths/path-class.ts";
import { nonEmptySubsets, PATH_PARAMETERS, withSuffix } from "../paths/segment-variants.ts";
import { type CounterexampleFinder, counterexampleFinder, maySend, type World } from "./counterexample-finder.ts";
import { type CallsTo, createCallsTo, hasMessages } from "./examined-calls.ts";
import { type Caller, type Counterexample, type IdleCause, issuerOfCaller, type Proof } from "./proof.ts";
import type { RequestSelection } from "./request-selection.ts";
import { createSameCalls } from "./same-calls.ts";

const EVERYWHERE: PathSelection = { patterns: [], under: ["/"] };
const NOWHERE: PathSelection = { patterns: [], under: [] };

/** Examines one guarantee, one class of requests after the other. */
export class Examination {
  /**
   * The requests that the guarantee selects, those that `publicOnly` lists, and those of each exception. The leaves of
   * a class are those of the routes and of these selections, in this order.
   */
  readonly selections: readonly RequestSelection[];
  readonly #world: World;
  readonly #guarantee: Guarantee;
  readonly #callers: readonly Caller[];
  readonly #finder: CounterexampleFinder;
  readonly #callsTo: CallsTo;
  readonly #named: readonly string[];
  readonly #breaches = new Map<Route | string, Counterexample>();
  /** The first condition that has left no call over so far; `undefined`: a call is left. */
  #idleBecause: IdleCause | undefined = "paths";
  #isAssumed = false;

  constructor(world: World, guarantee: Guarantee) {
    const { except, claim } = guarantee;
    this.selections = [
      selectionOf(guarantee),
      { paths: claim.kind === "publicOnly" ? claim.paths : NOWHERE, hosts: undefined },
      ...except.map(selectionOf),
    ];
    this.#world = world;
    this.#guarantee = guarantee;
    this.#callers = this.#callersOf(guarantee);
    this.#finder = counterexampleFinder(world, guarantee, createSameCalls(world.policy, this.selections));
    this.#callsTo = createCallsTo(guarantee);
    this.#named = [guarantee, ...except].flatMap(({ methods, mcp }) => [...(methods ?? []), ...(mcp ? ["POST"] : [])]);
  }

  proof(): Proof {
    const [breaches, idleBecause] = [[...this.#breaches.values()], this.#idleBecause];
    const isAssumed = breaches.length === 0 && this.#isAssumed;
    return { guarantee: this.#guarantee, breaches, isIdle: idleBecause !== undefined, idleBecause, isAssumed };
  }

  examine(requestClass: RequestClass): void {
    const { except } = this.#guarantee;
    const [group, , , ...excepted] = requestClass.leaves;
    // The routes are among the trees that each class needs.
    if (group === undefined) return;
    this.#reach("methods");
    const onPath = except.filter((_, at) => excepted[at]);
    for (const method of this.#methodsOf(group)) {
      const route = routeFor(group, method);
      if (route === undefined || !hasMethod(this.#guarantee, method)) continue;
      const exceptions = onPath.filter((exception) => hasMethod(exception, method));
      if (route.mcp === undefined && this.#guarantee.mcp === undefined) {
        this.#examineCalls(route, undefined, method, requestClass, exceptions);
        continue;
      }
      const calls = this.#callsTo(route, method);
      if (calls.length > 0 || method === "POST") this.#reach("messages");
      for (const some of calls) this.#examineCalls(some.route, some.messages, method, requestClass, exceptions);
    }
  }

  #examineCalls(
    route: Route,
    messages: MessageClass | undefined,
    method: string,
    requestClass: RequestClass,
    onRequests: readonly CallSelection[],
  ): void {
    this.#reach("clients");
    if (this.#idleBecause === "clients" && !this.#callers.some((caller) => maySend(this.#world, caller, route))) return;
    this.#reach("exceptions");
    const exceptions = onRequests.filter((exception) => hasMessages(exception, messages));
    const isListed = this.#guarantee.claim.kind === "publicOnly" && requestClass.leaves[2];
    if (exceptions.some(coversEveryCaller) || isListed) return;
    const able =
      exceptions.length === 0
        ? this.#callers
        : this.#callers.filter((caller) => !exceptions.some((exception) => isBy(exception, caller)));
    if (this.#idleBecause && able.some((caller) => maySend(this.#world, caller, route))) this.#idleBecause = undefined;
    // One counterexample for each route is enough; on an MCP route, for each entry.
    const key = messages === undefined ? route : `${route.index} ${messageText(messages.pattern)}`;
    if (this.#breaches.has(key)) return;
    for (const call of [requestClass, ...this.#variantsOf(requestClass, route)]) {
      const found = this.#finder.find(route, able, call);
      if (found) {
        const carried = messages && { mcp: messages.message };
        this.#breaches.set(key, { method, ...requestIn(call), ...carried, ...found, route });
        break;
      }
      this.#isAssumed ||= able.some(
        (caller) => this.#isUnenforced(caller) && this.#finder.isBreakable(route, caller, call),
      );
    }
  }

  /**
   * The same requests with path parameters in segments that conditions look at. No claim equals such a segment, so a
   * call can lack there what a fixed segment gives to all calls of the class. In other segments they change nothing.
   */
  #variantsOf({ path, pins, host }: RequestClass, route: Route): readonly Call[] {
    const { segmentsLookedAt } = this.#world;
    if (segmentsLookedAt === undefined || !route.upstream.allowPathParameters) return [];
    const fixed = [...new Set(segmentsLookedAt(route))].filter((segment) => pins[segment] !== undefined);
    return nonEmptySubsets(fixed).map((segments) => ({
      path: withSuffix(path, segments, PATH_PARAMETERS),
      pins: pins.map((text, at) => (segments.includes(at) ? null : text)),
      host,
    }));
  }

  #methodsOf(group: RouteGroup): Iterable<string> {
    if (group.anyMethod === undefined) return group.byMethod.keys();
    const { listed, other = [] } = methodClasses([group], this.#named);
    return listed.concat(other);
  }

  /** Notes that some call meets all conditions before this one. */
  #reach(cause: IdleCause): void {
    if (this.#idleBecause && CAUSES.indexOf(cause) > CAUSES.indexOf(this.#idleBecause)) this.#idleBecause = cause;
  }

  /** Whether the gateway accepts tokens of the caller that grant more than its registration. */
  #isUnenforced(caller: Caller): boolean {
    return caller.kind === "client" && this.#world.access.get(caller.client.name)?.widest !== undefined;
  }

  /**
   * The callers that the selection covers. Unregistered ones can do all that clients of their issuer can: they come
   * first.
   */
  #callersOf(selection: CallSelection): readonly Caller[] {
    const clients = Array.from(this.#world.policy.clients.values(), (client): Caller => ({ kind: "client", client }));
    const all: readonly Caller[] = [...this.#world.unregistered, ...clients, { kind: "anonymous" }];
    return coversEveryCaller(selection) ? all : all.filter((caller) => isBy(selection, caller));
  }
}

/** A class of requests. Where hosts differ, its host is beside its path. */
type RequestClass = Pick<
  PathClass<readonly [RouteGroup | undefined, ...(true | undefined)[]]>,
  "path" | "leaves" | "pins"
> & {
  readonly host?: string | undefined;
};

/** Requests of a class that the finder looks at together. */
type Call = Parameters<CounterexampleFinder["find"]>[2];

function requestIn({ path, host }: Call): Pick<Counterexample, "path" | "host"> {
  return { path, ...(host !== undefined && { host }) };
}

function selectionOf({ paths, hosts }: CallSelection): RequestSelection {
  return { paths: paths ?? EVERYWHERE, hosts: hosts && [...hosts] };
}

const CAUSES: readonly IdleCause[] = ["paths", "methods", "messages", "clients", "exceptions"];

function hasMethod({ methods }: CallSelection, method: string): boolean {
  return methods === undefined || methods.has(method);
}

/** Whether the selection is about all callers, those without a token included. */
function coversEveryCaller({ clients, issuers }: CallSelection): boolean {
  return clients === undefined && issuers === undefined;
}

/** Whether the selection names the caller. One that covers every caller must be handled before. */
function isBy({ clients, issuers }: CallSelection, caller: Caller): boolean {
  if (caller.kind === "anonymous") return false;
  if (issuers !== undefined && !issuers.has(issuerOfCaller(caller) ?? "")) return false;
  return clients === undefined || (caller.kind === "client" && clients.has(caller.client.name));
}
