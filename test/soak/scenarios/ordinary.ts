import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { assertOwn, assertRefused, begin, type CallOptions, echoIn, ownAnswer, type Site, send } from "../call.ts";
import type { Caller } from "../callers.ts";
import { contentOf } from "../content.ts";
import { REFUSED_PREFIX } from "../protocol.ts";
import type { Scenario } from "../scenario.ts";

const SMALL_BODY_BYTES = 8_000;
const SHOWN_AT_A_TIME = 32;

/** What a gateway does all day. */
export const ORDINARY: readonly Scenario[] = [
  { name: "one token, GET", users: 8, run: (site) => echo(site, site.callers.hot) },
  { name: "many tokens, GET", users: 8, run: (site) => echo(site, site.callers.next()) },
  { name: "public route", users: 4, run: (site) => echo(site, site.callers.anonymous, { route: "public" }) },
  { name: "small POST", users: 6, run: postSmall },
  { name: "no token", users: 1, run: (site) => refused(site, site.callers.anonymous, 401, "credentials-missing") },
  { name: "forged token", users: 2, run: (site) => refused(site, site.callers.forger, 401, "signature-invalid") },
  { name: "expired token", users: 1, run: (site) => refused(site, site.callers.expired, 401, "token-expired") },
  { name: "scope missing", users: 2, run: (site) => refused(site, site.callers.reader, 403, "scope-insufficient") },
];

/**
 * Lets every caller of `next` show its token once, so that the gateway remembers as many as it may before memory is
 * watched. None of them reaches the upstream.
 */
export async function showAllTokens(site: Site): Promise<void> {
  let left = site.callers.count;
  const member = async (): Promise<void> => {
    while (left-- > 0) {
      await refused(site, site.callers.next(), 403, "scope-insufficient", "closed");
    }
  };
  await Promise.all(Array.from({ length: SHOWN_AT_A_TIME }, member));
}

async function echo(site: Site, caller: Caller, options: CallOptions = {}): Promise<void> {
  const call = send(site, caller, options);
  const { answer } = await ownAnswer(call);
  assertOwn(call, echoIn(await buffer(answer)), answer.headers["x-request-id"]);
}

async function postSmall(site: Site): Promise<void> {
  const call = begin(site, site.callers.next(), { method: "POST" });
  call.outgoing.end(Buffer.concat([...contentOf(call.nonce, SMALL_BODY_BYTES)]));
  const { answer } = await ownAnswer(call);
  const told = echoIn(await buffer(answer));
  assertOwn(call, told, answer.headers["x-request-id"]);
  assert.equal(told.contentBytes, SMALL_BODY_BYTES);
}

function refused(
  site: Site,
  caller: Caller,
  status: number,
  reason: string,
  route: "orders" | "closed" = "orders",
): Promise<void> {
  const call = send(site, caller, { method: "POST", route, prefix: REFUSED_PREFIX });
  return assertRefused(call, status, reason);
}
