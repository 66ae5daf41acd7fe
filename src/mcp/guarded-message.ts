import { Denial } from "../answer/denial.ts";
import type { Problem } from "../answer/problem.ts";
import { MAX_LOGGED_MESSAGE_NAME_LENGTH } from "../limits.ts";
import { allowsOrigin } from "../http/allowed-origins.ts";
import type { McpRules } from "../policy/mcp/mcp-rules.ts";
import { messageRequirements } from "../policy/mcp/message-targets.ts";
import type { Requirement } from "../policy/policy.ts";
import { loggableUnverified } from "../telemetry/loggable.ts";
import { combineRequirements } from "./combine-requirements.ts";
import type { Message, MessageId } from "./message.ts";
import { METHOD_NOT_FOUND, MessageDenial } from "./message-denial.ts";
import {
  isWithoutSessions,
  type Revision,
  revisionOf,
  setMessageHeaders,
  setStreamHeaders,
} from "./message-headers.ts";
import { type ReadMessage, readPost, unknownRevision } from "./read-post.ts";

/** A request to a route that guards a server of MCP. An exchange fits. */
export interface MessageRequest {
  readonly request: Request;
  readonly method: string;
  readonly headers: Headers;
}

/**
 * The message of one request to an MCP route: how it is read, what it requires, what the upstream gets of it, and how its
 * refusals look. The decision is made on what was parsed, and those very bytes are forwarded.
 *
 * A GET or DELETE has no message: in older revisions it opens or ends a stream.
 */
export class GuardedMessage {
  /** What the message requires. Until it is read: what the route requires of every token. */
  requirement: Requirement;
  /** Set if the route does not list what the message asks for. */
  unlisted: Denial | undefined;
  /** Headers of the refusal that `read` returns. */
  refusalHeaders: Readonly<Record<string, string>> = {};
  readonly #request: MessageRequest;
  readonly #rules: McpRules;
  /** Of the request in the body: a refusal repeats it. */
  #id: MessageId | undefined;
  #read: ReadMessage | undefined;

  /** @param requirement of the route: what every message requires at least */
  constructor(request: MessageRequest, rules: McpRules, requirement: Requirement) {
    this.#request = request;
    this.#rules = rules;
    this.requirement = requirement;
  }

  /**
   * Reads the message, and finds out what it requires. Call it once, after the token was verified: nobody without a token can
   * make the gateway read and parse. Does not check whether the caller meets the requirement.
   *
   * @returns why the request is refused for every token, also on a route that only reports
   */
  async read(): Promise<Denial | undefined> {
    const { request, method, headers } = this.#request;
    const { origins, maxBodyBytes, streams, replies } = this.#rules;
    const origin = headers.get("origin");
    // DNS rebinding makes a browser take the server for part of a page, but it still sends the page's own origin.
    if (origin !== null && !(origins && allowsOrigin(origins, origin))) {
      return new MessageDenial("origin-refused", "The Origin header is none of those in `origins`.");
    }
    if (method !== "POST") {
      const revision = revisionOf(headers);
      if (!revision.ok) return unknownRevision(revision.failure);
      if (!streams || isWithoutSessions(revision.value)) return this.#postOnly();
      this.requirement = streams;
      return undefined;
    }
    const read = await readPost(request, maxBodyBytes);
    if (!read.ok) {
      this.#id = read.failure.id;
      return read.failure.denial;
    }
    this.#read = read.value;
    const { message, revision } = read.value;
    this.#id = message.id;
    const isReply = message.kind === "reply";
    const required = isReply ? replies && [replies] : messageRequirements(this.#rules, message.targets);
    if (required === undefined) this.unlisted = unlistedMessage(message, this.#rules, revision);
    else this.requirement = combineRequirements(required);
    return undefined;
  }

  /** For the log: the method that was decided on. */
  get loggedMethod(): string | undefined {
    return this.#read?.message.method;
  }

  /** For the log: the names of the tools, prompts or resources that were decided on, with a space between two. */
  get loggedName(): string | undefined {
    const targets = this.#read?.message.targets.filter(({ table }) => table !== "methods") ?? [];
    if (targets.length === 0) return undefined;
    return loggableUnverified(targets.map(({ name }) => name).join(" "), MAX_LOGGED_MESSAGE_NAME_LENGTH);
  }

  /** What the upstream gets as method and body: the bytes that were judged. */
  get forwarded(): Request | { readonly method: string; readonly body: Uint8Array } {
    return this.#read === undefined ? this.#request.request : { method: "POST", body: this.#read.body };
  }

  /** Sets the headers of the upstream's request that follow from the message. */
  setHeaders(headers: Headers): void {
    if (this.#read === undefined) setStreamHeaders(headers, this.#request.headers);
    else setMessageHeaders(headers, this.#request.headers, this.#read.message, this.#read.revision);
  }

  /**
   * What the answer to a refused POST has as its body: an error of JSON-RPC with the id of the message, and the problem as its
   * data. `undefined`: the request has no message, so that its refusals are problem documents.
   */
  envelope(problem: Problem, denial: Denial): unknown {
    if (this.#request.method !== "POST") return undefined;
    const { code, data } = denial instanceof MessageDenial ? denial : NO_ANSWER;
    const error = { code: code ?? problem.status, message: problem.detail, data: { ...problem, ...data } };
    return { jsonrpc: "2.0", id: this.#id ?? null, error };
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
