import { admitsAnyone } from "../../authorize.ts";
import type { McpRules } from "../../mcp/mcp-rules.ts";
import type { CallSelection, Guarantee, Route } from "../../policy.ts";
import { coversMessage, type MessageClass, messageClasses, REPLIES } from "../messages/message-classes.ts";
import { routeOn } from "../messages/message-routes.ts";

/** Calls to one route that a guarantee treats alike. */
export interface ExaminedCalls {
  /** With what it requires of these calls. */
  readonly route: Route;
  /** The MCP messages that they carry. `undefined`: no message, or it does not matter which. */
  readonly messages: MessageClass | undefined;
}

/** Gives the calls to a route with one method that a guarantee selects, its exceptions included. */
export type CallsTo = (route: Route, method: string) => readonly ExaminedCalls[];

/**
 * Where a guarantee is about messages, these are the messages of MCP routes. On an ordinary route the gateway reads no
 * messages, so that any request may carry each of them. Such a route counts if the guarantee names its path: the author
 * means the server there, and the guarantee must not hold because the route no longer reads messages.
 */
export function createCallsTo({ mcp, paths, except }: Guarantee): CallsTo {
  const selections = [mcp, ...except.map((exception) => exception.mcp)].filter((it) => it !== undefined);
  const known = new Map<McpRules | undefined, readonly MessageClass[]>();
  const classesOf = (rules: McpRules | undefined, isDeciding: boolean): readonly MessageClass[] => {
    const found =
      known.get(rules) ??
      messageClasses(isDeciding ? [rules] : [rules, undefined], selections).filter(
        (messages) => mcp === undefined || coversMessage(mcp, messages),
      );
    known.set(rules, found);
    return found;
  };
  // Then only a reply is an example on a route that lets every message through.
  const isEachMethodExcepted = selections.some(({ methods }) => methods.includes("*"));
  return (route, method) => {
    // A route that only reports also lets the messages through that no entry covers.
    const isDeciding = route.mcp !== undefined && !admitsAnyone(route.requirement);
    const isAbout = mcp !== undefined && (paths !== undefined || route.mcp !== undefined);
    if (method !== "POST" || !(isDeciding || isAbout)) {
      const served = mcp === undefined ? routeOn(route, method, undefined) : undefined;
      const messages = method === "POST" && route.mcp && isEachMethodExcepted ? REPLIES : undefined;
      return served === undefined ? [] : [{ route: served, messages }];
    }
    return classesOf(route.mcp, isDeciding).flatMap((messages) => {
      const served = routeOn(route, method, messages);
      return served === undefined ? [] : [{ route: served, messages }];
    });
  };
}

/**
 * Whether a selection has calls that carry these messages. A call that may carry any message is in no selection of
 * some.
 */
export function hasMessages({ mcp }: Pick<CallSelection, "mcp">, messages: MessageClass | undefined): boolean {
  return mcp === undefined || (messages !== undefined && coversMessage(mcp, messages));
}
