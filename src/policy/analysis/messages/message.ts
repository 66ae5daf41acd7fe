/** An MCP message, as far as routes decide on it. */
export type Message =
  | {
      readonly method: string;
      /** The name of the tool or prompt, or the URI of the resource. Left out: the method decides. */
      readonly name?: string;
    }
  /** The client's response to a request of the server. */
  | { readonly reply: true };

/** A message in words: `tools/call create_order`, `tools/list`, `reply`. */
export function messageText(message: Message): string {
  if ("reply" in message) return "reply";
  return message.name === undefined ? message.method : `${message.method} ${message.name}`;
}
