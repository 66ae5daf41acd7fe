import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { assertOwn, assertRefused, begin, echoIn, ownAnswer, type Site, send } from "../call.ts";
import { contentLength, contentOf } from "../content.ts";
import { HASTY_TIMEOUT_MS } from "../policy.ts";
import { EVENTS } from "../protocol.ts";
import type { Scenario } from "../scenario.ts";

/** How many events of an endless stream are waited for. */
const ENDLESS_EVENTS = 20;
/** Beginning of a body, sent before the answer. */
const EARLY_BYTES = 50_000;
/** A timer of workerd may be this much early. */
const TIMER_SLACK_MS = 10;

/** What upstreams do to a gateway. */
export const UPSTREAM_FAULTS: readonly Scenario[] = [
  { name: "upstream stalls", users: 4, run: stall },
  {
    name: "upstream resets",
    users: 2,
    run: (site) => assertRefused(send(site, site.callers.next(), { behaviour: "reset" }), 502, "upstream-unreachable"),
  },
  { name: "upstream truncates chunks", users: 2, run: (site) => truncated(site, 0) },
  { name: "upstream truncates a known length", users: 2, run: (site) => truncated(site, 5_000) },
  { name: "upstream answers before the upload ends", users: 1, run: answeredEarly },
  { name: "event stream", users: 4, run: events },
  { name: "upstream streams for ever", users: 4, run: endless },
];

async function stall(site: Site): Promise<void> {
  const began = performance.now();
  await assertRefused(send(site, site.callers.next(), { route: "hasty", behaviour: "stall" }), 504, "upstream-timeout");
  assert.ok(performance.now() - began >= HASTY_TIMEOUT_MS - TIMER_SLACK_MS, "given up before its time");
}

/** What is cut off must look cut off to the caller, and what came before must be its own. */
async function truncated(site: Site, bytes: number): Promise<void> {
  const call = send(site, site.callers.next(), { behaviour: "truncate", bytes });
  const { answer } = await ownAnswer(call);
  await assert.rejects(contentLength(answer, call.nonce), { message: "aborted" });
}

/**
 * The caller sends a beginning and waits: workerd closes the connection soon after such an answer, and one that goes on
 * writing might lose it (RFC 9112 9.6), and the Worker cannot prevent that.
 */
async function answeredEarly(site: Site): Promise<void> {
  const call = begin(site, site.callers.next(), { method: "POST", behaviour: "early" });
  for (const chunk of contentOf(call.nonce, EARLY_BYTES)) call.outgoing.write(chunk);
  const { answer } = await ownAnswer(call, 413);
  assertOwn(call, echoIn(await text(answer)), answer.headers["x-request-id"]);
  call.outgoing.destroy();
}

async function events(site: Site): Promise<void> {
  const call = send(site, site.callers.next(), { behaviour: "events" });
  const { answer } = await ownAnswer(call);
  assert.equal(await text(answer), eventsOf(call.nonce, EVENTS));
}

/** The caller has to leave; the upstream learns of it, which is looked at when the run has ended. */
async function endless(site: Site): Promise<void> {
  const call = send(site, site.callers.next(), { behaviour: "endless" });
  const { answer } = await ownAnswer(call);
  let received = "";
  for await (const chunk of answer) {
    received += chunk;
    if (received.split("\n\n").length > ENDLESS_EVENTS) break;
  }
  assert.ok(received.startsWith(eventsOf(call.nonce, ENDLESS_EVENTS)));
  call.outgoing.destroy();
}

function eventsOf(nonce: string, count: number): string {
  return Array.from({ length: count }, (_, sent) => `data: ${nonce} ${sent}\n\n`).join("");
}
