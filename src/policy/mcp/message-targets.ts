import { isObject, type JsonObject } from "../../json/json-object.ts";
import type { Requirement } from "../requirements/requirement.ts";
import type { McpRules, McpTable } from "./mcp-rules.ts";
import { isNormalTemplate, isNormalUri } from "./resource-uri.ts";

/** Something that a message asks for: a name, and the table whose entries decide it. */
export interface MessageTarget {
  readonly table: McpTable;
  readonly name: string;
}

/** The methods that are decided by what a member of `params` names, not by themselves. */
const NAMED: ReadonlyMap<string, (params: JsonObject) => readonly MessageTarget[] | undefined> = new Map([
  ["tools/call", ({ name }) => named("tools", name)],
  ["prompts/get", ({ name }) => named("prompts", name)],
  ["resources/read", ({ uri }) => resource(uri)],
  ["resources/subscribe", ({ uri }) => resource(uri)],
  ["resources/unsubscribe", ({ uri }) => resource(uri)],
  ["completion/complete", ({ ref }) => completed(ref)],
  ["subscriptions/listen", ({ notifications }) => listened(notifications)],
]);

/** The methods for which an entry in `methods` decides nothing: only names of tools, resources, prompts do. */
export function methodsDecidedByName(): readonly string[] {
  return [...NAMED.keys()].filter((method) => method !== LISTEN);
}

/** Whether an entry in `methods` for exactly this method decides nothing. */
export function isDecidedByName(method: string): boolean {
  return methodsDecidedByName().includes(method);
}

/**
 * What a request or notification asks for. The caller needs the requirements of all of it.
 *
 * - `tools/call` and `prompts/get`: `params.name`
 * - `resources/read`, `resources/subscribe` and `resources/unsubscribe`: `params.uri`
 * - `completion/complete`: the prompt, resource or template of resources in `params.ref`
 * - `subscriptions/listen`: every URI in `params.notifications.resourceSubscriptions`, and the method itself if the
 * message asks for other notifications, or for none
 * - all others: the method
 *
 * @param params as parsed; the names of its members must be unique, which is not checked here
 * @returns `undefined`: the message is malformed, because what decides it is missing, is not a text, or is a URI that
 * is not in normal form
 */
export function messageTargets(method: string, params: unknown): readonly MessageTarget[] | undefined {
  const targets = NAMED.get(method);
  if (targets === undefined) return [{ table: "methods", name: method }];
  return isObject(params) ? targets(params) : undefined;
}

/**
 * What a message requires: the caller must meet each of these.
 *
 * @returns `undefined`: something that it asks for is not listed, so that it is refused
 */
export function messageRequirements(
  rules: McpRules,
  targets: readonly MessageTarget[],
): readonly Requirement[] | undefined {
  const required: Requirement[] = [];
  for (const { table, name } of targets) {
    const entry = rules[table].find(name);
    if (entry === undefined) return undefined;
    if (!required.includes(entry.requirement)) required.push(entry.requirement);
  }
  // A message that asks for nothing must not pass unjudged.
  return required.length === 0 ? undefined : required;
}

const LISTEN = "subscriptions/listen";

function named(table: "tools" | "prompts", name: unknown): readonly MessageTarget[] | undefined {
  return typeof name === "string" ? [{ table, name }] : undefined;
}

function resource(uri: unknown): readonly MessageTarget[] | undefined {
  return typeof uri === "string" && isNormalUri(uri) ? [{ table: "resources", name: uri }] : undefined;
}

function completed(ref: unknown): readonly MessageTarget[] | undefined {
  if (!isObject(ref)) return undefined;
  const { type, name, uri } = ref;
  // With both, it depends on the server which of them counts.
  if (type === "ref/prompt" && uri === undefined) return named("prompts", name);
  if (type !== "ref/resource" || name !== undefined || typeof uri !== "string") return undefined;
  return isNormalTemplate(uri) ? [{ table: "resources", name: uri }] : undefined;
}

function listened(notifications: unknown): readonly MessageTarget[] | undefined {
  const method: MessageTarget = { table: "methods", name: LISTEN };
  if (notifications === undefined) return [method];
  if (!isObject(notifications)) return undefined;
  const { resourceSubscriptions: uris = [], ...others } = notifications;
  if (!Array.isArray(uris)) return undefined;
  const resources = uris.flatMap((uri: unknown) => resource(uri) ?? []);
  if (resources.length < uris.length) return undefined;
  const asksForOthers = Object.values(others).some((value) => value !== false);
  return resources.length === 0 || asksForOthers ? [method, ...resources] : resources;
}
