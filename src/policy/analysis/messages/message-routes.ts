import { admitsAnyone } from "../../authorize.ts";
import type { McpRules } from "../../mcp/mcp-rules.ts";
import type { Requirement, Route } from "../../policy.ts";
import type { MessageClass } from "./message-classes.ts";
import { POST, STREAMS } from "./route-rows.ts";

/** By the rules, which never change: the route as it is for messages with each requirement. */
const known = new WeakMap<McpRules, Map<Requirement, readonly Route[]>>();

/**
 * A route as it is for some of its requests: with what it requires of them. The gateway reads no messages on an
 * ordinary route, so each of its requests may be any message.
 *
 * @param messages the messages; `undefined`: requests that are none of the messages that are asked about
 * @returns `undefined`: the route refuses these requests, with any token
 */
export function routeOn(
  route: Route | undefined,
  method: string,
  messages: MessageClass | undefined,
): Route | undefined {
  // A route that only reports lets all messages through. What it requires is otherwise never less than a token.
  if (route?.mcp === undefined || admitsAnyone(route.requirement)) return route;
  const requirement = requirementOn(route.mcp, method, messages);
  return requirement && withRequirement(route, route.mcp, requirement, method === "POST" ? POST : STREAMS);
}

function requirementOn(rules: McpRules, method: string, messages: MessageClass | undefined): Requirement | undefined {
  // Streams come with HEAD, as every route with GET does.
  if (method !== "POST") return rules.streams;
  if (messages === undefined) return undefined;
  const { table, message } = messages;
  if ("reply" in message || table === "replies") return rules.replies;
  return rules[table].find(message.name ?? message.method)?.requirement;
}

function withRequirement(route: Route, rules: McpRules, requirement: Requirement, methods: readonly string[]): Route {
  const byRequirement = known.get(rules) ?? new Map<Requirement, readonly Route[]>();
  known.set(rules, byRequirement);
  const routes = byRequirement.get(requirement) ?? [];
  const same = routes.find((it) => it.methods === methods);
  if (same) return same;
  const found = { ...route, methods, requirement };
  byRequirement.set(requirement, [...routes, found]);
  return found;
}
