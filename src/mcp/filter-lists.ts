import { isObject } from "../json/json-object.ts";
import type { McpTable } from "../policy/mcp/mcp-rules.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { MAX_FILTERED_LIST_BYTES } from "./message-limits.ts";

/** A list that a server answers with. */
interface ListKind {
  /** The table that decides what the list names. */
  readonly table: McpTable;
  /** The member of the result. */
  readonly member: string;
  /** The member of an item that names it. */
  readonly by: string;
}

/** By the method that asks for the list. */
const LISTS: ReadonlyMap<string, ListKind> = new Map([
  ["tools/list", { table: "tools", member: "tools", by: "name" }],
  ["prompts/list", { table: "prompts", member: "prompts", by: "name" }],
  ["resources/list", { table: "resources", member: "resources", by: "uri" }],
  ["resources/templates/list", { table: "resources", member: "resourceTemplates", by: "uriTemplate" }],
]);

/** Headers that are about the bytes of the whole list. */
const OF_WHOLE_LIST = [
  ...["content-length", "content-encoding", "content-digest", "content-md5", "digest", "repr-digest"],
  ...["etag", "last-modified", "accept-ranges"],
];

/**
 * What the runtime decodes, in lower case only: of an answer in another encoding, the bytes would arrive without the
 * header that names it.
 */
const READABLE_ENCODING = /^(?:gzip|br|identity)?$/;

/** Whether the caller may use the tool, resource or prompt with this name, by the table that decides it. */
export type IsUsable = (table: McpTable, name: string) => boolean;

/** Whether a method asks for a list that can be filtered. */
export function isListMethod(method: string | undefined): boolean {
  return method !== undefined && LISTS.has(method);
}

/**
 * The answer to a list method without what the caller may not use. A courtesy to clients: calls are decided anyway. An
 * answer that is not a list, is longer than `MAX_FILTERED_LIST_BYTES`, or has an encoding that the runtime does not
 * decode, passes as it is. Of an event stream, every event is looked at by itself, so a stream that never ends holds
 * nothing back.
 *
 * What is left depends on the token, so nothing may share it: `cacheScope` is `private`, and there is no entity tag.
 */
export function filterList(response: Response, method: string, isUsable: IsUsable): Response {
  const list = LISTS.get(method);
  const type = /^[^;]*/
    .exec(response.headers.get("content-type") ?? "")?.[0]
    .trim()
    .toLowerCase();
  const transformer = type === "application/json" ? wholeBody : type === "text/event-stream" ? eachEvent : undefined;
  const isReadable = READABLE_ENCODING.test(response.headers.get("content-encoding") ?? "");
  if (list === undefined || transformer === undefined || response.status !== 200 || !isReadable) return response;
  if (response.body === null) return response;
  const stream = new TransformStream(transformer((text) => withoutUnusable(text, list, isUsable)));
  const filtered = new Response(response.body.pipeThrough(stream), response);
  for (const name of OF_WHOLE_LIST) filtered.headers.delete(name);
  return filtered;
}

/** The text of a message without the items that are not usable. `undefined`: it is no such list. */
function withoutUnusable(text: string, { table, member, by }: ListKind, isUsable: IsUsable): string | undefined {
  const message = parseKeepingNumbers(text);
  if (!isObject(message) || !isObject(message["result"])) return undefined;
  const { result } = message;
  const items: unknown = result[member];
  if (!Array.isArray(items)) return undefined;
  const left = items.filter((item: unknown) => {
    const name = isObject(item) ? item[by] : undefined;
    return typeof name === "string" && isUsable(table, name);
  });
  return JSON.stringify({ ...message, result: { ...result, [member]: left, cacheScope: "private" } });
}

/** Numbers stay as they are written: a schema may have some that JavaScript would round. */
function parseKeepingNumbers(text: string): unknown {
  const keepNumber = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    const source = context?.source;
    return typeof value === "number" && source !== undefined && String(value) !== source ? RAW.rawJSON(source) : value;
  };
  try {
    return JSON.parse(text, keepNumber);
  } catch {
    return undefined;
  }
}

/** TypeScript does not know it yet (JSON.parse source text access). */
const RAW = JSON as typeof JSON & { rawJSON(text: string): unknown };

type Rewrite = (text: string) => string | undefined;

/** Holds the body until its end, or until it is too long. */
function wholeBody(rewrite: Rewrite): Transformer<Uint8Array, Uint8Array> {
  let held = new ByteBuffer();
  let passes = false;
  const release = (controller: TransformStreamDefaultController<Uint8Array>): void => {
    if (held.length > 0) controller.enqueue(held.bytes);
    held = new ByteBuffer();
  };
  return {
    transform(chunk, controller) {
      if (passes) return controller.enqueue(chunk);
      held.append(chunk);
      passes = held.length > MAX_FILTERED_LIST_BYTES;
      if (passes) release(controller);
    },
    flush(controller) {
      const rewritten = passes ? undefined : rewrite(new TextDecoder().decode(held.bytes));
      if (rewritten === undefined) release(controller);
      else controller.enqueue(new TextEncoder().encode(rewritten));
    },
  };
}

/** The end of an event: an empty line. */
const END_OF_EVENT = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n))/g;
const LONGEST_END = 4;

/** Holds each event until its end, or until it is too long (HTML, Server-sent events). */
function eachEvent(rewrite: Rewrite): Transformer<Uint8Array, Uint8Array> {
  // Drops a byte order mark at the beginning, as clients do: otherwise the first line would seem to have another name.
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let held = "";
  let passes = false;
  return {
    transform(chunk, controller) {
      // What was searched before is not searched again, except for a part of an end.
      END_OF_EVENT.lastIndex = Math.max(0, held.length - LONGEST_END);
      held += decoder.decode(chunk, { stream: true });
      let sent = "";
      let from = 0;
      while (!passes && END_OF_EVENT.test(held)) {
        sent += rewriteEvent(held.slice(from, END_OF_EVENT.lastIndex), rewrite);
        from = END_OF_EVENT.lastIndex;
      }
      held = held.slice(from);
      passes ||= held.length > MAX_FILTERED_LIST_BYTES;
      if (passes) {
        sent += held;
        held = "";
      }
      if (sent !== "") controller.enqueue(encoder.encode(sent));
    },
    flush(controller) {
      const rest = held + decoder.decode();
      // Some clients take an event whose end is missing.
      if (rest !== "") controller.enqueue(encoder.encode(passes ? rest : rewriteEvent(rest, rewrite)));
    },
  };
}

function rewriteEvent(event: string, rewrite: Rewrite): string {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line !== "");
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).replace(/^ /, ""));
  const rewritten = data.length === 0 ? undefined : rewrite(data.join("\n"));
  if (rewritten === undefined) return event;
  return `${[...lines.filter((line) => !line.startsWith("data:")), `data: ${rewritten}`].join("\n")}\n\n`;
}
