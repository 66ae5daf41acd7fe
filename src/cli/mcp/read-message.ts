import { isObject, type JsonObject } from "../../json/json-object.ts";
import { parseJson } from "../../policy/source/parse-json.ts";
import { MAX_LIST_ANSWER_BYTES } from "./list-limits.ts";

/**
 * Reads the JSON-RPC response with an id from an answer: JSON, or a stream of events (`text/event-stream`) that may
 * begin with other messages and need not end. Reads no further than that response, and at most `MAX_LIST_ANSWER_BYTES`.
 *
 * @returns `undefined`: there is none
 */
export async function readMessage(response: Response, id: number): Promise<JsonObject | undefined> {
  if (response.body === null) return undefined;
  const isStream = /^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "");
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  const reader = response.body.getReader();
  let text = "";
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      bytes += value?.length ?? 0;
      if (bytes > MAX_LIST_ANSWER_BYTES) return undefined;
      const decoded = decodedBy(decoder, value, done);
      if (decoded === undefined) return undefined;
      text += decoded;
      if (isStream) {
        const events = text.split(/\r\n\r\n|\n\n|\r\r/);
        // The last one may go on.
        text = done ? "" : (events.pop() ?? "");
        const found = events
          .map(dataOf)
          .map(parsed)
          .find((message) => message?.["id"] === id);
        if (found) return found;
      }
      if (done) break;
    }
    const message = isStream ? undefined : parsed(text);
    return message?.["id"] === id ? message : undefined;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** The text of some bytes; `undefined`: they are not UTF-8. */
function decodedBy(decoder: TextDecoder, bytes: Uint8Array | undefined, isLast: boolean): string | undefined {
  try {
    return decoder.decode(bytes, { stream: !isLast });
  } catch {
    return undefined;
  }
}

/** The data of an event: its lines `data:`, joined. */
function dataOf(event: string): string {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice("data:".length).replace(/^ /, "")).join("\n");
}

function parsed(text: string): JsonObject | undefined {
  const result = parseJson(text);
  return result.ok && isObject(result.value) ? result.value : undefined;
}
