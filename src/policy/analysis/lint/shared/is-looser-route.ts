import type { Route } from "../../../policy.ts";
import { messageClasses } from "../../messages/message-classes.ts";
import { routeOn } from "../../messages/message-routes.ts";
import { createIsLooser } from "./is-looser.ts";

/** Whether a route serves some request with this method for a caller whom the other route refuses. */
export type IsLooserRoute = (one: Route, other: Route, method: string) => boolean;

/**
 * Returns a function that compares routes as `createIsLooser` compares requirements. An MCP route refuses messages that
 * it does not list, so an ordinary route is looser: it passes all of them on.
 */
export function createIsLooserRoute(policy: Parameters<typeof createIsLooser>[0]): IsLooserRoute {
  const isLooser = createIsLooser(policy);
  return (one, other, method) => {
    if (one.mcp === undefined && other.mcp === undefined) return isLooser(one.requirement, other.requirement);
    const classes = method === "POST" ? messageClasses([one.mcp, other.mcp]) : [];
    return [...classes, undefined].some((messages) => {
      const [serving, strict] = [routeOn(one, method, messages), routeOn(other, method, messages)];
      return serving !== undefined && (strict === undefined || isLooser(serving.requirement, strict.requirement));
    });
  };
}
