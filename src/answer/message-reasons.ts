import type { MessageReason } from "./denial.ts";
import type { ReasonEntry } from "./reason-entry.ts";

/** The reasons to refuse a message of the Model Context Protocol. Only Workers with MCP routes have them. */
export const MESSAGE_REASONS: { readonly [R in MessageReason]: ReasonEntry } = {
  "origin-refused": {
    stage: "authorize",
    status: 403,
    title: "Origin refused",
    detail: "Browsers may not call this resource from the origin of the request.",
  },
  "body-too-large": {
    stage: "authorize",
    status: 413,
    title: "Body too large",
    detail: "The request body is longer than this resource accepts.",
  },
  "message-malformed": {
    stage: "authorize",
    status: 400,
    title: "Message malformed",
    detail: "Send one JSON-RPC message as application/json. Each of its members must have one meaning.",
  },
  "message-header-mismatch": {
    stage: "authorize",
    status: 400,
    title: "Message header mismatch",
    detail: "The MCP headers of the request do not agree with its message.",
  },
  "message-unlisted": {
    stage: "authorize",
    status: 403,
    title: "Message unlisted",
    detail: "This resource does not serve what the message asks for.",
  },
};
