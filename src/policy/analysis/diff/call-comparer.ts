import { admitsAnyone } from "../../authorize.ts";
import type { Route, RouteGroup } from "../../policy.ts";
import { routesOf } from "../formulas/realize.ts";
import type { Pins } from "../formulas/with-atoms.ts";
import type { AlikeHostClasses } from "../host-classes.ts";
import { areAllMessages, type MessageClass, messageClasses } from "../messages/message-classes.ts";
import { routeOn } from "../messages/message-routes.ts";
import { methodClasses, routeAt } from "../method-classes.ts";
import type { AlikeLeaves } from "../paths/alike-leaves.ts";
import type { AlikeClasses, PathClass } from "../paths/path-class.ts";
import { AlikeServings } from "./alike-servings.ts";
import { type AccessTo, variantsTaken } from "./call-variants.ts";
import type { ClassCall, Groups, Serving } from "./class-call.ts";

/** Collects what changes. */
export interface Comparer {
  /** Is called for each class of requests. */
  compare(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void;
  /** Is called for many classes of requests at once. `other` serves all of them under the other policy. */
  compareAlike(alike: AlikeServings, other: Serving, callOf: (index: number) => ClassCall): void;
}

/** Gives the path of an example, in which each condition can be met by itself. */
export type ExampleOf = (
  pathClass: Pick<PathClass<Groups>, "path" | "pins">,
  old: Route | undefined,
  now: Route | undefined,
) => string;

/** Where hosts differ, they are beside the path. */
export type RequestClass = Omit<PathClass<Groups>, "alike" | "pins"> & {
  readonly host?: string | undefined;
  readonly pins?: PathClass<Groups>["pins"];
  readonly alike?: Alike | undefined;
  /** The place of the only policy that serves the host. Such a class is not `alike` others. Left out: both do. */
  readonly onlyServer?: 0 | 1 | undefined;
};
type Alike = AlikeClasses<RouteGroup> & Partial<AlikeHostClasses<RouteGroup>>;

/**
 * Routes of one path each, which serve the same methods and let through the same variants of each: see `CallVariants`.
 */
interface Part {
  /** Their places among the alike leaves. */
  readonly indices: readonly number[];
  readonly groups: readonly RouteGroup[];
  /** By the method, and whether it stands for others. */
  readonly servings: Map<string, AlikeServings>;
}

/**
 * Finds the routes of both policies for every method, class of paths by class of paths, and hands them to comparers.
 */
export class CallComparer {
  readonly #accessTo: readonly [AccessTo, AccessTo];
  readonly #comparers: readonly Comparer[];
  readonly #exampleOf: ExampleOf | undefined;
  readonly #parts = new WeakMap<AlikeLeaves<RouteGroup>, readonly Part[]>();
  /** Those of which each member was compared with no route at all. */
  readonly #alone = new WeakSet<AlikeServings>();

  /** @param exampleOf given only if conditions look at paths; without it, the path of a class is the example */
  constructor(accessTo: readonly [AccessTo, AccessTo], comparers: readonly Comparer[], exampleOf?: ExampleOf) {
    this.#accessTo = accessTo;
    this.#comparers = comparers;
    this.#exampleOf = exampleOf;
  }

  compare(requestClass: RequestClass): void {
    const { alike, onlyServer } = requestClass;
    const leaves = onlyServer === undefined ? requestClass.leaves : groupsOnHostOf(onlyServer, requestClass.leaves);
    const pins = this.#exampleOf && requestClass.pins;
    if (alike) {
      for (const part of this.#partsOf(alike.of)) this.#comparePart(part, alike, leaves);
      return;
    }
    for (const { method, label } of methodsOf(leaves)) {
      const compareServing = (old: Serving | undefined, now: Serving | undefined, about: MessagesOfCall): void => {
        // The other policy refuses the host, so that it loses nothing there.
        if (onlyServer !== undefined && (onlyServer === 0 ? old : now) === undefined) return;
        const { path, host } = requestClass;
        const example = pins && this.#exampleOf?.({ path, pins }, old?.route, now?.route);
        const call = { method, path: example ?? path, host, label, groups: leaves, ...(pins && { pins }), ...about };
        this.#compareOne(old, now, call);
      };
      const servingAt = (side: 0 | 1, messages?: MessageClass) => this.#servingAt(leaves, side, method, pins, messages);
      for (const messages of messagesOf(leaves, method)) {
        compareServing(servingAt(0, messages), servingAt(1, messages), messages ? { messages } : {});
      }
      if (!leaves.some((group) => reportsMessages(group, method))) continue;
      const [old, now] = [servingAt(0), servingAt(1)];
      compareServing(old?.route.mcp ? undefined : old, now?.route.mcp ? undefined : now, { isNoMessage: true });
    }
  }

  #comparePart(part: Part, { tree, pathOf, hostOf }: Alike, leaves: Groups): void {
    const groupsWith = (own: RouteGroup | undefined): Groups => (tree === 0 ? [own, leaves[1]] : [leaves[0], own]);
    const groups = groupsWith(part.groups[0]);
    if (groups.some(readsMessages)) {
      for (const [index, group] of part.groups.entries()) {
        const at = part.indices[index] ?? 0;
        this.compare({ leaves: groupsWith(group), path: pathOf(at), host: hostOf?.(at) });
      }
      return;
    }
    for (const { method, label } of methodsOf(groups)) {
      const callOf = (index: number): ClassCall => {
        const at = part.indices[index] ?? 0;
        return { method, path: pathOf(at), host: hostOf?.(at), label, groups };
      };
      const [old, now] = [this.#servingAt(groups, 0, method), this.#servingAt(groups, 1, method)];
      const [member, other] = tree === 0 ? [old, now] : [now, old];
      if (member === undefined) {
        // The same change for all members, because the other policy's route serves them all.
        this.#compareOne(old, now, callOf(0));
        continue;
      }
      const servings = this.#servingsOf(part, tree, method, label);
      if (other) for (const comparer of this.#comparers) comparer.compareAlike(servings, other, callOf);
      else if (!this.#alone.has(servings)) {
        this.#alone.add(servings);
        for (const [index, it] of servings.members.entries()) {
          this.#compareOne(tree === 0 ? it : undefined, tree === 0 ? undefined : it, callOf(index));
        }
      }
    }
  }

  #compareOne(old: Serving | undefined, now: Serving | undefined, call: ClassCall): void {
    if (old === undefined && now === undefined) return;
    for (const comparer of this.#comparers) comparer.compare(old, now, call);
  }

  #servingAt(groups: Groups, side: 0 | 1, method: string, pins?: Pins, messages?: MessageClass): Serving | undefined {
    const route = routeOn(routeAt(groups[side], method), method, messages);
    return route && { route, requirement: route.requirement, access: this.#accessTo[side](route.requirement, pins) };
  }

  #servingsOf({ groups, servings }: Part, tree: number, method: string, label: string): AlikeServings {
    const key = `${method} ${label}`;
    const side = tree === 0 ? 0 : 1;
    const members = () => groups.flatMap((group) => this.#servingAt([group, group], side, method) ?? []);
    const known = servings.get(key) ?? new AlikeServings(members(), side === 0);
    servings.set(key, known);
    return known;
  }

  #partsOf(alike: AlikeLeaves<RouteGroup>): readonly Part[] {
    const known = this.#parts.get(alike) ?? partsOf(alike);
    this.#parts.set(alike, known);
    return known;
  }
}

/**
 * What is compared on a host that only one policy serves: its own routes there with none, and its routes that name no
 * host with those of the other policy.
 */
function groupsOnHostOf(server: 0 | 1, groups: Groups): Groups {
  const group = groups[server];
  if (group !== undefined && routesOf(group).every(({ hosts }) => hosts === undefined)) return groups;
  return server === 0 ? [group, undefined] : [undefined, group];
}

/** The classes of methods, each with the method as people should read it. */
function methodsOf(groups: Groups): readonly Pick<ClassCall, "method" | "label">[] {
  const { listed, other } = methodClasses(groups);
  const named = listed.map((method) => ({ method, label: method }));
  return other === undefined ? named : [...named, { method: other, label: "*" }];
}

/** The requests of one method that are compared, where messages are told apart. */
type MessagesOfCall = Pick<ClassCall, "messages" | "isNoMessage">;

/**
 * Whether a route of the group only reports and reads messages. It lets every message through, those that it does not
 * list included, and still refuses what is not a message.
 */
function reportsMessages(group: RouteGroup | undefined, method: string): boolean {
  const route = method === "POST" ? group?.byMethod.get(method) : undefined;
  return route?.mcp !== undefined && admitsAnyone(route.requirement);
}

/** What is compared apart for one method; only on MCP routes, this is more than all requests together. */
function messagesOf(groups: Groups, method: string): readonly (MessageClass | undefined)[] {
  if (method !== "POST" || !groups.some(readsMessages)) return ALL_REQUESTS;
  const classes = messageClasses(groups.map((group) => group?.byMethod.get(method)?.mcp));
  // What is not a message is compared by itself where a route only reports, so perhaps nothing is left.
  return groups.some((group) => reportsMessages(group, method)) && areAllMessages(classes)
    ? classes
    : [...classes, undefined];
}

const ALL_REQUESTS = [undefined];

function readsMessages(group: RouteGroup | undefined): boolean {
  return group?.byMethod.get("POST")?.mcp !== undefined;
}

function partsOf({ leaves }: AlikeLeaves<RouteGroup>): readonly Part[] {
  const byMethods = Map.groupBy(leaves.keys(), (index) => {
    const { byMethod, anyMethod } = leaves[index] ?? { byMethod: new Map(), anyMethod: undefined };
    const methods = Array.from(byMethod, ([method, route]) => [method, variantsTaken(route.upstream)]).sort();
    return JSON.stringify([methods, anyMethod && variantsTaken(anyMethod.upstream), readsMessages(leaves[index])]);
  });
  return Array.from(byMethods.values(), (indices) => ({
    indices,
    groups: indices.flatMap((index) => leaves[index] ?? []),
    servings: new Map(),
  }));
}
