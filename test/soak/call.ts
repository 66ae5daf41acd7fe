import assert from "node:assert/strict";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { LOOPBACK } from "../../src/local/ports.ts";
import type { Caller, Callers } from "./callers.ts";
import type { PolicyVersion } from "./policy-version.ts";
import { type Behaviour, ECHO_HEADER, type Echo } from "./protocol.ts";

/** The gateway under load and its callers. */
export interface Site {
  /** The version that new requests go to. */
  current: PolicyVersion;
  readonly callers: Callers;
  /** Size of a body that is too large to be held in memory for each caller. */
  readonly largeBytes: number;
}

export interface CallOptions {
  readonly method?: "GET" | "POST";
  readonly route?: "orders" | "closed" | "hasty" | "public";
  readonly behaviour?: Behaviour;
  /** Size of the body that the upstream answers with. */
  readonly bytes?: number;
  /** Prefix of the nonce. */
  readonly prefix?: string;
}

/** One request and its caller. */
export interface Call {
  /** Unique to this request: in its path, its `x-request-id` and its body. */
  readonly nonce: string;
  readonly caller: Caller;
  readonly version: PolicyVersion;
  /** The scenario writes and ends the body. */
  readonly outgoing: ClientRequest;
  /** Settles with the head of the answer. */
  readonly answer: Promise<IncomingMessage>;
}

let sent = 0;

/** A nonce that no other request has. */
export function newNonce(prefix = ""): string {
  sent += 1;
  return `${prefix}${sent.toString(36)}-${crypto.randomUUID()}`;
}

/** Headers of a request: who sends it, and names that only the gateway may write. */
export function headersOf(caller: Caller, nonce: string): Readonly<Record<string, string>> {
  return {
    "x-request-id": nonce,
    "x-auth-subject": "somebody-else",
    X_Auth_Client_Id: "somebody-else",
    ...(caller.token !== undefined && { authorization: `Bearer ${caller.token}` }),
  };
}

/** The request target for a behaviour of the upstream. */
export function targetOf(nonce: string, { route = "orders", behaviour = "echo", bytes }: CallOptions): string {
  return `/${route}/${nonce}?do=${behaviour}${bytes === undefined ? "" : `&bytes=${bytes}`}`;
}

/** Begins a request to the current version, possibly over a connection that served other requests. */
export function begin({ current: version }: Site, caller: Caller, options: CallOptions = {}): Call {
  const nonce = newNonce(options.prefix);
  const outgoing = request({
    host: LOOPBACK,
    port: version.port,
    agent: version.agent,
    method: options.method ?? "GET",
    path: targetOf(nonce, options),
    headers: headersOf(caller, nonce),
  });
  version.inFlight += 1;
  outgoing.once("close", () => {
    version.inFlight -= 1;
  });
  const { promise: answer, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  outgoing.once("response", resolve);
  // The listener stays: a scenario that leaves ignores later errors.
  outgoing.on("error", reject);
  answer.catch(() => undefined);
  return { nonce, caller, version, outgoing, answer };
}

/** Sends a request without a body. */
export function send(site: Site, caller: Caller, options: CallOptions = {}): Call {
  const call = begin(site, caller, options);
  call.outgoing.end();
  return call;
}

/** The answer, after a check that its head belongs to this caller and this request. */
export async function ownAnswer(
  call: Call,
  status = 200,
): Promise<{ readonly answer: IncomingMessage; readonly echo: Echo }> {
  const answer = await call.answer;
  assert.equal(answer.statusCode, status);
  const echo = echoIn(answer.headers[ECHO_HEADER]);
  assertOwn(call, echo, answer.headers["x-request-id"]);
  return { answer, echo };
}

/** Asserts that the upstream got the values of this call, and that the answer belongs to it. */
export function assertOwn(
  { nonce, caller }: Pick<Call, "nonce" | "caller">,
  { contentBytes: _, ...told }: Echo,
  requestId: unknown,
): void {
  assert.equal(requestId, nonce, "x-request-id of the answer");
  const { subject, clientId } = caller;
  const expected = { nonce, requestId: nonce, subject, clientId, authorization: undefined };
  assert.deepEqual({ ...expected, ...told }, expected, "what the upstream was told");
}

/** Parses an `Echo`. */
export function echoIn(text: unknown): Echo {
  return JSON.parse(String(text)) as Echo;
}

/** Asserts that the gateway refused this request, under the policy version that it was sent to. */
export async function assertRefused(call: Call, status: number, reason: string): Promise<void> {
  const answer = await call.answer;
  const problem = (await json(answer)) as Readonly<Record<string, unknown>>;
  assert.deepEqual(
    {
      status: answer.statusCode,
      type: problem["type"],
      instance: problem["instance"],
      echo: answer.headers[ECHO_HEADER],
    },
    { status, type: `https://scopegate.dev/problems/${reason}`, instance: call.nonce, echo: undefined },
  );
  assert.equal(answer.headers["x-request-id"], call.nonce);
  const challenge = answer.headers["www-authenticate"];
  if (challenge !== undefined) assert.match(challenge, new RegExp(`realm="${call.version.realm}"`));
}
