import { type Message, messageText } from "../../policy/analysis/messages/message.ts";

/**
 * A request for people: as a URL if its host matters, so that it can be pasted into `explain`; then its MCP message.
 */
export function requestText({ method, path, host, mcp }: Request): string {
  return withMessage(`${method} ${host === undefined ? "" : `https://${host}`}${path}`, mcp);
}

/** What a request is for, with its MCP message: `POST /mcp tools/call create_order`. */
export function withMessage(request: string, message: Message | undefined): string {
  return message === undefined ? request : `${request} ${messageText(message)}`;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly host?: string | undefined;
  readonly mcp?: Message | undefined;
}
