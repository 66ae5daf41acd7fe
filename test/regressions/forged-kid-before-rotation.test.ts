/**
 * One forged `kid` just before a rotation made the gateway refuse valid tokens of the new key for 30 seconds, and for
 * good if they had no `iat` or the issuer published late. Now they are served within seconds, and never get a 401.
 */
import type { JWK } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { newJwk, VirtualWorld } from "../support/keys/virtual-world.ts";

let a: JWK;
let b: JWK;
beforeAll(async () => {
  a = await newJwk("a");
  b = await newJwk("b");
});

interface Row {
  readonly name: string;
  /** Seconds at which forged kids come: one each. */
  readonly forgedAt: readonly number[];
  /** The second at which the issuer publishes the new key. */
  readonly publishedAt: number;
  /** The second at which a valid token of the new key is issued and sent for the first time. */
  readonly sentAt: number;
  readonly hasIat?: boolean;
  /** The seconds at which the token is sent, as `Retry-After` asks for. It is accepted at the last. */
  readonly expected: readonly number[];
}

const everySecond = (until: number) => Array.from({ length: until }, (_, second) => second);

const TABLE: readonly Row[] = [
  { name: "without a forged kid", forgedAt: [], publishedAt: 1, sentAt: 2, expected: [2] },
  { name: "one forged kid just before", forgedAt: [0], publishedAt: 1, sentAt: 2, expected: [2, 5] },
  { name: "one forged kid long before", forgedAt: [0], publishedAt: 1, sentAt: 9, expected: [9] },
  { name: "two forged kids", forgedAt: [0, 5], publishedAt: 6, sentAt: 7, expected: [7, 15] },
  { name: "one forged kid after the rotation", forgedAt: [2], publishedAt: 1, sentAt: 3, expected: [3] },
  { name: "one forged kid, no iat", forgedAt: [0], publishedAt: 1, sentAt: 2, hasIat: false, expected: [2, 5] },
  { name: "a flood", forgedAt: everySecond(200), publishedAt: 70, sentAt: 71, expected: [71, 95] },
  {
    name: "a flood, no iat",
    forgedAt: everySecond(200),
    publishedAt: 70,
    sentAt: 71,
    hasIat: false,
    expected: [71, 95],
  },
  { name: "publication 40 s late", forgedAt: [], publishedAt: 40, sentAt: 0, expected: [0, 5, 15, 35, 65] },
  { name: "publication 60 s late", forgedAt: [], publishedAt: 60, sentAt: 0, expected: [0, 5, 15, 35, 65] },
  {
    name: "publication 60 s late, amid a flood",
    forgedAt: everySecond(200),
    publishedAt: 130,
    sentAt: 70,
    expected: [70, 95, 125, 155],
  },
];

describe("a valid token of a new key is sent until it is accepted", () => {
  for (const { name, forgedAt, publishedAt, sentAt, hasIat = true, expected } of TABLE) {
    it(`${name}: at ${expected.join(", ")} s`, async () => {
      const world = new VirtualWorld({ refreshAfterSeconds: 600, publicationLagSeconds: 60 });
      world.site.publish(a);
      await world.load();
      await world.settle();
      await world.clock.advance(1_000 - (world.clock.now() % 1_000));
      const sent: number[] = [];
      let nextAt = sentAt;
      const start = world.clock.now();
      for (let second = 0; second < 300 && nextAt < 300; second++) {
        // The answers of one second may take until the next.
        await world.clock.runUntil(Math.max(world.clock.now(), start + second * 1_000));
        if (second === publishedAt) world.site.publish(b);
        if (forgedAt.includes(second)) await world.find(`forged ${second}`, 0);
        if (second !== nextAt) continue;
        sent.push(second);
        const answer = await world.find("b", hasIat ? sentAt - second : undefined);
        expect(answer).not.toBe("key-unknown");
        const [reason, retryAfter] = answer.split(" ");
        if (reason !== "keys-unavailable") break;
        nextAt = second + Number(retryAfter);
      }
      expect(sent).toEqual(expected);
    });
  }
});
