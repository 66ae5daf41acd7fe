import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { LOOPBACK } from "../../../src/local/ports.ts";
import {
  assertOwn,
  begin,
  type Call,
  echoIn,
  headersOf,
  newNonce,
  ownAnswer,
  type Site,
  send,
  targetOf,
} from "../call.ts";
import { contentLength, contentOf } from "../content.ts";
import { UNFINISHED_PREFIX } from "../protocol.ts";
import type { Scenario } from "../scenario.ts";

const DRIPS = 20;
const DRIP_INTERVAL_MS = 75;
const SLOW_DOWNLOAD_BYTES = 4_000_000;
const SLOW_READ_MS = 10;
const LEAVE_AFTER_MS = 100;
const UNFINISHED_BYTES = 200_000;

/** What callers do to a gateway. */
export const HARD_CALLERS: readonly Scenario[] = [
  { name: "large upload", users: 1, run: uploadLarge },
  { name: "large download", users: 1, run: (site) => download(site, site.largeBytes, (answer) => answer) },
  { name: "slow reader", users: 4, run: (site) => download(site, SLOW_DOWNLOAD_BYTES, slowly) },
  { name: "dripped body", users: 8, run: dripBody },
  { name: "dripped head", users: 8, run: dripHead },
  { name: "resets before the answer", users: 4, run: resetBeforeAnswer },
  { name: "hangs up before the answer", users: 4, run: hangUpBeforeAnswer },
  { name: "leaves during the download", users: 2, run: leaveDuringDownload },
  { name: "leaves during the upload", users: 4, run: leaveDuringUpload },
];

/** Sends the body as fast as it is taken, and ends the request. What became of it is told by its answer. */
async function upload({ outgoing }: Call, content: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
  await pipeline(Readable.from(content), outgoing).catch(() => undefined);
}

async function uploadLarge(site: Site): Promise<void> {
  const call = begin(site, site.callers.next(), { method: "POST" });
  await upload(call, contentOf(call.nonce, site.largeBytes));
  const { answer, echo } = await ownAnswer(call);
  answer.resume();
  assert.equal(echo.contentBytes, site.largeBytes);
}

async function download(
  site: Site,
  bytes: number,
  read: (answer: IncomingMessage) => AsyncIterable<Buffer>,
): Promise<void> {
  const call = send(site, site.callers.next(), { behaviour: "download", bytes });
  const { answer } = await ownAnswer(call);
  assert.equal(await contentLength(read(answer), call.nonce), bytes);
}

async function* slowly(answer: IncomingMessage): AsyncGenerator<Buffer> {
  for await (const chunk of answer) {
    await wait(SLOW_READ_MS);
    yield chunk;
  }
}

async function dripBody(site: Site): Promise<void> {
  const call = begin(site, site.callers.next(), { method: "POST" });
  const [content = Buffer.of()] = contentOf(call.nonce, DRIPS);
  const drip = async function* (): AsyncGenerator<Buffer> {
    for (const byte of content) {
      await wait(DRIP_INTERVAL_MS);
      yield Buffer.of(byte);
    }
  };
  await upload(call, drip());
  const { answer, echo } = await ownAnswer(call);
  answer.resume();
  assert.equal(echo.contentBytes, DRIPS);
}

/** Over a socket of its own, since no HTTP client would write like this. */
async function dripHead({ current: version, callers }: Site): Promise<void> {
  const nonce = newNonce();
  const caller = callers.next();
  const fields = { host: LOOPBACK, connection: "close", ...headersOf(caller, nonce) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `GET ${targetOf(nonce, {})} HTTP/1.1\r\n${lines.join("")}\r\n`;
  const socket = connect(version.port, LOOPBACK);
  version.inFlight += 1;
  try {
    await once(socket, "connect");
    const answered = text(socket);
    const size = Math.ceil(head.length / DRIPS);
    for (let at = 0; at < head.length; at += size) {
      socket.write(head.slice(at, at + size));
      await wait(DRIP_INTERVAL_MS);
    }
    const [, answerHead = "", body] = /^(HTTP\/1\.1 200 .*?)\r\n\r\n.*?(\{.*\})/s.exec(await answered) ?? [];
    assertOwn({ nonce, caller }, echoIn(body), /^x-request-id: (.*)$/im.exec(answerHead)?.[1]);
  } finally {
    socket.destroy();
    version.inFlight -= 1;
  }
}

async function resetBeforeAnswer(site: Site): Promise<void> {
  const call = send(site, site.callers.next(), { behaviour: "stall" });
  await wait(LEAVE_AFTER_MS);
  call.outgoing.socket?.resetAndDestroy();
  await assert.rejects(call.answer, { message: "socket hang up" });
}

/** To workerd this looks like a caller that has said all and waits, so it lasts as long as the upstream has time. */
async function hangUpBeforeAnswer(site: Site): Promise<void> {
  const call = send(site, site.callers.next(), { route: "hasty", behaviour: "stall" });
  await wait(LEAVE_AFTER_MS);
  call.outgoing.destroy();
  await assert.rejects(call.answer, { message: "socket hang up" });
}

async function leaveDuringDownload(site: Site): Promise<void> {
  const call = send(site, site.callers.next(), { behaviour: "download", bytes: site.largeBytes });
  const { answer } = await ownAnswer(call);
  await assert.rejects(async () => {
    for await (const _ of answer) call.outgoing.destroy();
  });
}

async function leaveDuringUpload(site: Site): Promise<void> {
  const call = begin(site, site.callers.next(), { method: "POST", prefix: UNFINISHED_PREFIX });
  for (const chunk of contentOf(call.nonce, UNFINISHED_BYTES)) call.outgoing.write(chunk);
  await wait(LEAVE_AFTER_MS);
  call.outgoing.destroy();
  await assert.rejects(call.answer, { message: "socket hang up" });
}
