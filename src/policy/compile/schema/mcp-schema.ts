import * as v from "valibot";
import { MAX_MCP_BODY_BYTES, MIN_MCP_BODY_BYTES } from "../../../limits.ts";
import { authenticationSchema } from "./authentication-schema.ts";
import { closed, dictionary } from "./closed.ts";
import { requiredScope, scopeGroup } from "./required-scope.ts";
import { about, flag, listOf, text, wholeNumber } from "./values.ts";

/** The requirements of routes that messages cannot have: a token is always needed. */
export const NOT_IN_MCP = ["public", "optional"] as const;

/** What a message requires: a requirement as that of a route, without a way to be called by everyone. */
const messageSchema = closed(
  {
    scopes: about(
      v.union([listOf(requiredScope), v.lazy(() => scopeGroup)]),
      "The scopes and conditions that the caller needs: at least one of a list, or a group with `anyOf` or `allOf`.",
    ),
    authenticated: about(v.literal(true), "true: the caller needs a valid access token, with any scopes or none."),
    issuers: about(
      listOf(text),
      "The issuers whose tokens are accepted here: names in `issuers`. Default: those of the route.",
    ),
    senderConstrained: about(
      v.literal(true),
      "true: the access token must be bound to its sender. Default: as the route says.",
    ),
    authentication: about(
      authenticationSchema,
      "How and when the user must have authenticated (RFC 9470). Default: as the route says.",
    ),
  },
  { refused: NOT_IN_MCP },
);

const table = (what: string, more: string) =>
  about(dictionary(messageSchema), `${what}, each exactly or with \`*\` at the end; the longest decides. ${more}`);

/** `mcp` of a route: which messages of the Model Context Protocol are served, and what each requires. */
export const mcpSchema = closed({
  name: about(text, "A name for people, in the metadata of this resource. Default: none."),
  methods: table(
    "The methods of messages",
    "Messages that call a tool, read a resource or get a prompt are decided by the other tables. What is not listed is refused.",
  ),
  tools: table("The names of tools, for `tools/call`", "A tool that is not listed is refused."),
  resources: table(
    "The URIs of resources, for `resources/read`, `subscribe` and `unsubscribe`",
    "A resource that is not listed is refused.",
  ),
  prompts: table("The names of prompts, for `prompts/get`", "A prompt that is not listed is refused."),
  streams: about(messageSchema, "What GET and DELETE of older revisions require. Default: both are refused with 405."),
  replies: about(messageSchema, "What JSON-RPC responses of the client require. Default: they are refused."),
  origins: about(
    listOf(text),
    "The origins whose pages may send requests, for example https://app.example. Default: a request with an `Origin` header is refused.",
  ),
  maxBodyBytes: about(
    wholeNumber(MIN_MCP_BODY_BYTES, MAX_MCP_BODY_BYTES),
    "The longest message, in bytes. A longer one is refused with 413. Default: 262144.",
  ),
  filterLists: about(
    flag,
    "true: tools, resources and prompts that the token may not use are left out of lists. Calls are checked either way. Default: false.",
  ),
});

export type McpConfig = v.InferOutput<typeof mcpSchema>;
export type MessageConfig = v.InferOutput<typeof messageSchema>;
