import { MCP_TABLES, type McpRules, type McpTable } from "../../mcp/mcp-rules.ts";
import type { MessageSelection } from "../../mcp/message-selection.ts";
import { methodsDecidedByName } from "../../mcp/message-targets.ts";
import { isPrefixPattern } from "../../mcp/name-table.ts";
import { isNormalTemplate, isNormalUri, normalUriFrom } from "../../mcp/resource-uri.ts";
import type { Message } from "./message.ts";
import { type NameKind, nameClasses, takesName } from "./name-classes.ts";

/** MCP messages that some routes and selections treat alike. */
export interface MessageClass {
  /** The table whose entries decide them; `replies`: the client's responses, which have no table. */
  readonly table: McpTable | "replies";
  /** One of the messages. */
  readonly message: Message;
  /** All of them, with a pattern in place of the name or method that decides. */
  readonly pattern: Message;
}

/**
 * The classes of messages that some MCP routes and selections tell apart, in the order of the tables. A message that
 * none of them names is in no class: every MCP route refuses it.
 *
 * A message that names several resources, or a resource and other notifications, is in no class of its own. A caller
 * may send it exactly if it may send a message for each of them, so it opens and closes nothing more.
 *
 * @param rules of the routes; one without rules is an ordinary route
 */
export function messageClasses(
  rules: readonly (McpRules | undefined)[],
  selections: readonly MessageSelection[] = [],
): readonly MessageClass[] {
  const known = rules.filter((it) => it !== undefined);
  const named = MCP_TABLES.flatMap((table) => {
    const patterns = [
      ...known.flatMap((it) => [...it[table].entries.keys()]),
      ...selections.flatMap((selection) => selection[table]),
      // An ordinary route serves every name of a selected method.
      ...(known.length < rules.length && isMethodSelected(table, selections) ? ["*"] : []),
    ];
    return nameClasses(patterns, KINDS[table]).flatMap(({ pattern, name }): readonly MessageClass[] => {
      if (table === "methods") return [{ table, message: { method: name }, pattern: { method: pattern } }];
      return methodsOf(table, pattern, selections).map((method) => ({
        table,
        message: { method, name },
        pattern: { method, name: pattern },
      }));
    });
  });
  return known.some(({ replies }) => replies) ? [...named, REPLIES] : named;
}

/** The client's responses to requests of the server. No selection covers them. */
export const REPLIES: MessageClass = { table: "replies", message: { reply: true }, pattern: { reply: true } };

/** Whether each message is in one of these classes. */
export function areAllMessages(classes: readonly MessageClass[]): boolean {
  const hasRest = (table: McpTable): boolean =>
    classes.some(
      ({ table: its, pattern }) => its === table && !("reply" in pattern) && (pattern.name ?? pattern.method) === "*",
    );
  return MCP_TABLES.every(hasRest) && classes.includes(REPLIES);
}

/** Whether a selection covers the messages of a class. */
export function coversMessage(selection: MessageSelection, { table, message }: MessageClass): boolean {
  if ("reply" in message || table === "replies") return false;
  const { method, name } = message;
  if (selection.methods.some((pattern) => takesName(pattern, method))) return true;
  return name !== undefined && table !== "methods" && selection[table].some((pattern) => takesName(pattern, name));
}

type NamedTable = Exclude<McpTable, "methods">;

/** The methods whose messages a table decides by name. The first one stands for all where they make no difference. */
const METHODS: { readonly [Table in NamedTable]: readonly [string, ...string[]] } = {
  tools: ["tools/call"],
  resources: [
    ...(["resources/read", "resources/subscribe", "resources/unsubscribe"] as const),
    ...["subscriptions/listen", "completion/complete"],
  ],
  prompts: ["prompts/get", "completion/complete"],
};

/** The methods of messages with a name. Only completions name a template of URIs, such as `orders://{id}`. */
function methodsFor(table: NamedTable, pattern: string): readonly [string, ...string[]] {
  const isOther = table === "resources" && !isPrefixPattern(pattern) && !isNormalUri(pattern);
  return isOther && isNormalTemplate(pattern) ? ["completion/complete"] : METHODS[table];
}

function isMethodSelected(table: McpTable, selections: readonly MessageSelection[]): boolean {
  if (table === "methods") return false;
  return METHODS[table].some((method) =>
    selections.some(({ methods }) => methods.some((pattern) => takesName(pattern, method))),
  );
}

/** One of the methods for each group of them that the selections treat alike. */
function methodsOf(table: NamedTable, name: string, selections: readonly MessageSelection[]): readonly string[] {
  const patterns = selections.flatMap(({ methods }) => methods);
  const groups = Map.groupBy(methodsFor(table, name), (method) => patterns.map((it) => takesName(it, method)).join());
  return Array.from(groups.values(), ([first = ""]) => first);
}

const LETTERS = "x0123456789abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
const VISIBLE = `${LETTERS}!"#$%&'()+,./:;<=>?@[\\]^\`{|}~`;
/** A text is a name as it is. */
const itself = (text: string): string => text;

/** Every character of the Basic Multilingual Plane that can stand alone. They are more than any file has names. */
const ANY_CHARACTER: Iterable<string> = {
  *[Symbol.iterator]() {
    yield* VISIBLE;
    for (let code = 0xa1; code < 0xd800; code += 1) yield String.fromCharCode(code);
  },
};

const KINDS: { readonly [Table in McpTable]: NameKind } = {
  methods: { exempt: methodsDecidedByName(), characters: VISIBLE, complete: itself },
  tools: { exempt: [], characters: ANY_CHARACTER, complete: itself },
  resources: { exempt: [], characters: VISIBLE, complete: normalUriFrom },
  prompts: { exempt: [], characters: ANY_CHARACTER, complete: itself },
};

/** How a table calls a message for people and programs: its method, for names the first that the table decides. */
export function messageOf(table: McpTable, pattern: string): Message {
  return table === "methods" ? { method: pattern } : { method: methodsFor(table, pattern)[0], name: pattern };
}
