import type { Explanation } from "../../explain/explanation.ts";
import type { Fault } from "../../policy/fault.ts";
import { firstNames, type Limits } from "./details.ts";

/** What decides the message of a request, one line for each thing that it asks for. */
export function messageLines(
  { request, route, message, requirement }: Explanation,
  placeOf: (path: Fault["path"]) => string,
  limits: Limits,
): readonly string[] {
  if (request.message === undefined || route === undefined) return [];
  if (message === undefined) return ["The route has no `mcp`: it decides without reading the message."];
  const at = ["routes", route.index, "mcp"];
  if ("reply" in request.message && requirement !== undefined) {
    return [`replies are decided by \`replies\` (${placeOf([...at, "replies"])})`];
  }
  const shown = message.targets.slice(0, limits.lines).map(({ table, name, entry }) => {
    if (entry === undefined) return `${name} has no entry in \`${table}\``;
    const covered = entry === name ? "has an entry" : `is covered by ${entry}`;
    return `${name} ${covered} in \`${table}\` (${placeOf([...at, table, entry])})`;
  });
  const left = message.targets.length - shown.length;
  return left > 0 ? [...shown, `and ${left} more`] : shown;
}

/** Why an MCP route refuses a request to everyone, as far as its message goes. */
export function unservedLines({ request, refusal, report }: Explanation): readonly string[] {
  if (request.message === undefined) return ["The request has no message, and the message decides."];
  return [(refusal ?? report?.refusal)?.detail ?? ""];
}

/** Which registered clients may send the message. */
export function senderLines({ message, requirement }: Explanation, limits: Limits): readonly string[] {
  if (message === undefined || requirement === undefined) return [];
  const { clients } = message;
  if (clients.length === 0) return ["No registered client may send this message."];
  return [`Registered clients that may send this message: ${firstNames(clients, ", ", limits.names)}`];
}
