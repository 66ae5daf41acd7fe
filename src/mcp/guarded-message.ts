import { Denial } from "../answer/denial.ts";
import type { Enclosed, Envelope, Problem } from "../answer/problem.ts";
import { allowsOrigin } from "../http/allowed-origins.ts";
import type { McpRules } from "../policy/mcp/mcp-rules.ts";
import { messageRequirements } from "../policy/mcp/message-targets.ts";
import type { Requirement, Route } from "../policy/policy.ts";
import { loggableUnverified } from "../telemetry/loggable.ts";
import { combineRequirements } from "./combine-requirements.ts";
import { filterList, isListMethod } from "./filter-lists.ts";
import type { Message, MessageId } from "./message.ts";
import { METHOD_NOT_FOUND, MessageDenial } from "./message-denial.ts";
import {
  isWithoutSessions,
  type Revision,
  revisionOf,
  setMessageHeaders,
  setStreamHeaders,
} from "./message-headers.ts";
import { MAX_LOGGED_MESSAGE_NAME_LENGTH } from "./message-limits.ts";
import { type ReadMessage, readPost, unknownRevision } from "./read-post.ts";

/** Begins to guard a request to an MCP route. */
export type OpenMessage = typeof openMessage;
export function openMessage(request: MessageRequest, rules: McpRules): GuardedMessage {
  return new GuardedMessage(request, rules);
}

/** A request to a route that guards a server of MCP. An exchange fits. */
export interface MessageRequest {
  readonly request: Request;
  readonly method: string;
  readonly headers: Headers;
}

/**
 * The message of one request to an MCP route: how the gateway reads it, what it requires, what the upstream gets from
 * it, and the form of its refusals. The gateway decides on the bytes that it parsed, and forwards exactly these.
 *
 * A GET or DELETE has no message: in older revisions it opens or ends a stream.
 */
export class GuardedMessage implements Envelope {
  /** Set if the route does not list what the message asks for. */
  unlisted: Denial | undefined;
  /** Headers of the refusal that `read` returns. */
  refusalHeaders: Readonly<Record<string, string>> = {};
  readonly #request: MessageRequest;
  readonly #rules: McpRules;
  /** The `id` in the body: a refusal repeats it. */
  #id: MessageId | undefined;
  #read: ReadMessage | undefined;
  /** Whether its answer is a list that is filtered. */
  #filters = false;

  constructor(request: MessageRequest, rules: McpRules) {
    this.#request = request;
    this.#rules = rules;
  }

  /**
   * Reads the message, and finds out what it requires. Call it once, after the token was verified: otherwise anyone
   * could make the gateway read and parse. On a route that only reports, anyone can, up to `maxBodyBytes`. Does not
   * check whether the caller meets the requirement.
   *
   * @param reports whether the route only reports, now: then nothing is left out of lists
   * @returns the route with what the message requires, or why the request is refused for every token, also on a route
   * that only reports
   */
  async read(route: Route, reports = false): Promise<Route | Denial> {
    const { request, method, headers } = this.#request;
    const { origins, maxBodyBytes, streams, replies, filterLists } = this.#rules;
    const origin = headers.get("origin");
    // DNS rebinding makes a browser take the server for part of a page, but it still sends the page's own origin.
    if (origin !== null && !(origins && allowsOrigin(origins, origin))) {
      return new MessageDenial("origin-refused", "The Origin header is none of those in `origins`.");
    }
    if (method !== "POST") {
      const revision = revisionOf(headers);
      if (!revision.ok) return unknownRevision(revision.failure);
      if (!streams || isWithoutSessions(revision.value)) return this.#postOnly();
      return { ...route, requirement: streams };
    }
    const read = await readPost(request, maxBodyBytes);
    if (!read.ok) {
      this.#id = read.failure.id;
      return read.failure.denial;
    }
    this.#read = read.value;
    const { message, revision } = read.value;
    this.#id = message.id;
    this.#filters = filterLists && isListMethod(message.method) && !reports;
    const isReply = message.kind === "reply";
    const required = isReply ? replies && [replies] : messageRequirements(this.#rules, message.targets);
    if (required !== undefined) return { ...route, requirement: combineRequirements(required) };
    this.unlisted = unlistedMessage(message, this.#rules, revision);
    return route;
  }

  /** For the log: the method, and the names of tools, prompts or resources with a space between two. */
  get logged(): { readonly mcp_method?: string | undefined; readonly mcp_name?: string | undefined } {
    if (this.#read === undefined) return {};
    const { method, targets } = this.#read.message;
    const names = targets.filter(({ table }) => table !== "methods").map(({ name }) => name);
    return {
      mcp_method: method && loggableUnverified(method, MAX_LOGGED_MESSAGE_NAME_LENGTH),
      mcp_name: names.length > 0 ? loggableUnverified(names.join(" "), MAX_LOGGED_MESSAGE_NAME_LENGTH) : undefined,
    };
  }

  /**
   * What decides the request: `streams`, `replies`, or the entry for each thing that the message asks for, once. Names
   * without an entry count for their table, so callers cannot make more of them than the policy has. Empty for a
   * malformed message.
   */
  get entries(): readonly string[] {
    if (this.#request.method !== "POST") return ["streams"];
    const message = this.#read?.message;
    if (message?.kind === "reply") return ["replies"];
    const targets = message?.targets ?? [];
    const entries = targets.map(({ table, name }) => {
      const entry = this.#rules[table].find(name);
      return entry === undefined ? table : `${table} ${entry.pattern}`;
    });
    return [...new Set(entries)];
  }

  /**
   * Sets the headers of the upstream's request that follow from the message, after all others.
   *
   * @returns the method and the body for the upstream: the bytes that were judged. A GET or DELETE goes without its
   * body: a server that looks at no method would read a message there.
   */
  forward(headers: Headers): { readonly method: string; readonly body: Uint8Array | null } {
    const { method, headers: incoming } = this.#request;
    // Nobody would judge the messages of a WebSocket.
    headers.delete("upgrade");
    if (this.#read === undefined) {
      setStreamHeaders(headers, incoming);
      return { method, body: null };
    }
    const { message, revision, body } = this.#read;
    setMessageHeaders(headers, incoming, message, revision);
    // A list is filtered as text.
    if (this.#filters) headers.set("accept-encoding", "identity");
    return { method: "POST", body };
  }

  /**
   * A refused POST is answered with an error of JSON-RPC that has the id of the message, and the problem as its data.
   * Other requests have no message, so their refusals are problem documents.
   */
  enclose(problem: Problem, denial: Denial): Enclosed | undefined {
    if (this.#request.method !== "POST") return undefined;
    const { code, data } = denial instanceof MessageDenial ? denial : NO_ANSWER;
    const error = { code: code ?? problem.status, message: problem.detail, data: { ...problem, ...data } };
    return { contentType: "application/json", body: { jsonrpc: "2.0", id: this.#id ?? null, error } };
  }

  /**
   * The answer without what the caller may not use, if it is a list that the route filters: see `filterList`.
   *
   * @param refusalOf why the caller does not meet a requirement; `undefined`: it does
   */
  filterList(response: Response, refusalOf: (requirement: Requirement) => Denial | undefined): Response {
    if (!this.#filters) return response;
    return filterList(response, this.#read?.message.method ?? "", (table, name) => {
      const entry = this.#rules[table].find(name);
      return entry !== undefined && refusalOf(entry.requirement) === undefined;
    });
  }

  #postOnly(): Denial {
    this.refusalHeaders = { allow: "POST" };
    return new Denial("method-not-allowed");
  }
}

const NO_ANSWER: { readonly code?: number; readonly data?: Readonly<Record<string, unknown>> } = {};

function unlistedMessage(message: Message, rules: McpRules, revision: Revision | undefined): Denial {
  const missing = message.targets.find(({ table, name }) => rules[table].find(name) === undefined);
  if (missing === undefined) return new MessageDenial("message-unlisted", "The route lists no `replies`.");
  const detail = `The route does not list it in \`${missing.table}\`.`;
  const isUnknownMethod = missing.table === "methods" && isWithoutSessions(revision);
  return new MessageDenial("message-unlisted", detail, isUnknownMethod ? { code: METHOD_NOT_FOUND, status: 404 } : {});
}
