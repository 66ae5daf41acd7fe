import type { Reason } from "../../answer/denial.ts";
import { messageText } from "../../policy/analysis/messages/message.ts";
import { messageClasses } from "../../policy/analysis/messages/message-classes.ts";
import type { McpRules } from "../../policy/mcp/mcp-rules.ts";
import { isNormalUri } from "../../policy/mcp/resource-uri.ts";
import type { Route } from "../../policy/policy.ts";
import { nameHint } from "../../policy/suggestion.ts";
import { type AskedMessage, messagePost } from "./asked-message.ts";
import { type ExplainedTarget, targetsOf } from "./explain-message.ts";

/**
 * The usual mistakes that lead to the refusal of a request to an MCP route, in sentences.
 *
 * @param message `undefined`: the request sends none
 */
export function messageHints(
  { path, mcp }: Pick<Route, "path" | "mcp">,
  method: string,
  message: AskedMessage | undefined,
  reason: Reason,
): readonly string[] {
  if (mcp === undefined || method !== "POST") return [];
  if (message === undefined) return [withoutMessageHint(path, mcp)];
  switch (reason) {
    case "message-unlisted":
      return "reply" in message
        ? ["A route takes replies only if its `mcp` has `replies`."]
        : targetsOf(message, mcp).flatMap((target) => unlistedHints(target, mcp));
    case "message-malformed":
      return malformedHints(message);
    case "body-too-large":
      return [
        `This message has ${messagePost(message).body.length} bytes. The route's \`maxBodyBytes\` is ${mcp.maxBodyBytes}.`,
      ];
    default:
      return [];
  }
}

function withoutMessageHint(path: string, rules: McpRules): string {
  const classes = messageClasses([rules]);
  const { message } = classes.find((it) => "name" in it.message) ?? classes[0] ?? {};
  const command = `scopegate explain mcp ${path} ${message === undefined ? "METHOD" : messageText(message)}`;
  return (
    "The message decides on this route, and this request has none. " +
    `\`${command}\` sends one. A row of a table of decisions cannot.`
  );
}

function unlistedHints({ table, name, entry }: ExplainedTarget, rules: McpRules): readonly string[] {
  if (entry !== undefined) return [];
  const known = [...rules[table].entries.keys()];
  if (known.length === 0) return [`The route has no entry in \`${table}\`.`];
  const twin = known.find((it) => it.toLowerCase() === name.toLowerCase());
  if (twin !== undefined) return [`\`${twin}\` is listed in \`${table}\`. Upper and lower case differ.`];
  return [`\`${name}\` is not listed in \`${table}\`. ${nameHint(name, known)}`];
}

function malformedHints(message: AskedMessage): readonly string[] {
  if ("reply" in message) return ["Clients send replies in revisions before 2026-07-28 only."];
  const uri = message.names.find((name) => /^[A-Za-z][A-Za-z0-9+.-]*:/.test(name) && !isNormalUri(name));
  if (uri === undefined) return [];
  const normal = URL.parse(uri)?.href;
  if (normal !== undefined && isNormalUri(normal)) return [`In normal form the URI is \`${normal}\`.`];
  return [
    "The URI is not in normal form: write scheme and host in lower case, without user, dot segments, backslash or " +
      "fragment, and escape only what a URI cannot contain.",
  ];
}
