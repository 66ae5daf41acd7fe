import { describe, expect, test } from "vitest";
import { removedKeyBound } from "../../src/keys/removed-key-bound.ts";
import { drawDays } from "./chart.ts";
import { formatDays, formatHours, formatPhases } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { type Outcome, simulate } from "./simulation.ts";
import type { Tally } from "./tally.ts";
import { scenario } from "./test-scenario.ts";

const HARD_CUT: Scenario["keyStates"] = [
  { from: 0, published: ["a"], signing: "a" },
  { from: 20.27, published: ["b"], signing: "b" },
];
const SETTINGS = {
  refreshAfterSeconds: 600,
  maxStaleSeconds: 86_400,
  cooldownSeconds: 30,
  publicationLagSeconds: 60,
  timeoutMs: 3_000,
};

function run(events: Partial<Scenario>, requestsPerIsolate = 500, seed = 1): Promise<Outcome> {
  return simulate({ scenario: scenario(events), seed, locations: 10, requestsPerSecond: 10_000, requestsPerIsolate });
}

/** The number of valid tokens that were refused: for good, and for a while. */
function refused(tally: Tally): readonly number[] {
  return [tally.total("refused"), tally.total("deferred")];
}

/** The number of issuer requests from one minute up to another. */
function asked(tally: Tally, from: number, until: number): number {
  return tally
    .series("issuerRequests")
    .subarray(from, until)
    .reduce((sum, count) => sum + count, 0);
}

test("the same seed gives the same numbers, another one others", async () => {
  const numbers = async (seed: number) => {
    const { tally } = await run({ keyStates: HARD_CUT, floods: [{ from: 5, until: 10 }] }, 500, seed);
    return [tally.visits, tally.births, tally.total("kvReads"), tally.longestOfAllSeconds(), ...refused(tally)];
  };
  const first = await numbers(1);
  expect(await numbers(1)).toEqual(first);
  expect(await numbers(2)).not.toEqual(first);
});

test("in a quiet hour only the cron trigger asks the issuer, with few isolates as with many", async () => {
  const few = await run({}, 500);
  const many = await run({}, 50);
  expect(many.isolates).toBeGreaterThan(8 * few.isolates);
  for (const { tally } of [few, many]) {
    expect(tally.total("issuerRequests")).toBe(12);
    expect(tally.total("kvWrites")).toBe(12);
    expect(refused(tally)).toEqual([0, 0]);
  }
});

test("the cron trigger keeps KV young enough for 420 s, and not for 340 s", async () => {
  const requests = async (refreshAfterSeconds: number) => {
    const { tally } = await run({ settings: { refreshAfterSeconds } }, 50);
    return tally.total("issuerRequests");
  };
  expect(await requests(420)).toBe(12);
  expect(await requests(340)).toBeGreaterThan(24);
});

test("after a hard cut no valid token is refused, and each isolate asks the issuer twice at most", async () => {
  const { tally, isolates } = await run({ keyStates: HARD_CUT });
  expect(refused(tally)).toEqual([0, 0]);
  const requests = asked(tally, 20, 22);
  expect(requests).toBeGreaterThan(isolates / 2);
  // One for the unknown key and one when the refresh of the missing key is due. The others are the cron trigger and an
  // isolate that started meanwhile.
  expect(requests).toBeLessThanOrEqual(2 * isolates + 3);
});

test("a removed key is accepted for a while, and never longer than its bound", async () => {
  const keyStates: Scenario["keyStates"] = [
    { from: 0, published: ["a", "b"], signing: "a" },
    { from: 20.27, published: ["b"], signing: "b" },
  ];
  const { tally } = await run({ keyStates });
  expect(refused(tally)).toEqual([0, 0]);
  expect(tally.longestAcceptedSeconds("a")).toBeGreaterThan(60);
  expect(tally.longestAcceptedSeconds("a")).toBeLessThanOrEqual(removedKeyBound(SETTINGS).whileRefreshing);
});

test("in a flood each isolate asks once per cooldown after its first three times, and no valid token is refused", async () => {
  const { tally, isolates } = await run({ floods: [{ from: 10, until: 40 }] });
  const { births } = tally;
  expect(asked(tally, 10, 40)).toBeGreaterThan(isolates * 50);
  expect(asked(tally, 10, 40)).toBeLessThanOrEqual(60 * isolates + (1 + 3) * births + 6);
  expect(refused(tally)).toEqual([0, 0]);
});

describe("an outage", () => {
  test("refuses no valid token within maxStaleSeconds, though isolates start cold in it", async () => {
    const { tally, isolates } = await run({
      minutes: 240,
      faults: [{ from: 30, until: 210, share: 1, kind: "hangs" }],
    });
    expect(tally.births).toBeGreaterThan(4 * isolates);
    expect(refused(tally)).toEqual([0, 0]);
  });

  test("beyond it refuses all for a while and none for good, and is over within one period of the cron trigger", async () => {
    const { tally, timeline } = await run({
      minutes: 120,
      settings: { maxStaleSeconds: 1_800 },
      faults: [{ from: 30, until: 90, share: 1, kind: "refuses" }],
    });
    expect(tally.total("refused")).toBe(0);
    // Without keys from minute 60 at the latest to minute 90, at 10,000 requests/s.
    expect(tally.total("deferred")).toBeGreaterThan(30 * 60 * 10_000);
    expect(tally.lastRefusedAt).toBeGreaterThan(timeline.time(89));
    expect(tally.lastRefusedAt).toBeLessThan(timeline.time(90) + 5 * 60_000);
  });
});

describe("a hard cut", () => {
  /** So short before the cut that each isolate sees one forged kid at most. */
  const ONE_FORGED_KID = [{ from: 20.27 - 4 / 60, until: 20.27 - 1 / 60 }];
  const LATE: Scenario["keyStates"] = [
    { from: 0, published: ["a"], signing: "a" },
    { from: 20.27, published: ["a"], signing: "b" },
    { from: 20.27 + 40 / 60, published: ["b"], signing: "b" },
  ];
  const FLOOD = [{ from: 10, until: 30 }];
  const table: { name: string; events: Partial<Scenario>; withinSeconds: number }[] = [
    { name: "amid a flood", events: { floods: FLOOD }, withinSeconds: 32 },
    { name: "amid a flood, tokens without iat", events: { floods: FLOOD, withoutIat: true }, withinSeconds: 32 },
    { name: "after one forged kid", events: { floods: ONE_FORGED_KID }, withinSeconds: 6 },
    {
      name: "after one forged kid, tokens without iat",
      events: { floods: ONE_FORGED_KID, withoutIat: true },
      withinSeconds: 6,
    },
    { name: "with the new key published 40 s late", events: { keyStates: LATE }, withinSeconds: 72 },
  ];
  for (const { name, events, withinSeconds } of table) {
    test(`${name} defers the tokens of the new key for ${withinSeconds} s at most, and refuses none`, async () => {
      const { tally, timeline } = await run({ keyStates: HARD_CUT, ...events });
      expect(tally.total("refused")).toBe(0);
      expect(tally.total("deferred")).toBeGreaterThan(0);
      expect(tally.total("deferred")).toBeLessThan(withinSeconds * 10_000);
      expect(tally.lastRefusedAt).toBeLessThan(timeline.time(20.27) + withinSeconds * 1_000);
    });
  }
});

test("the report and the picture show every phase and load", async () => {
  const outcome = await run({
    minutes: 120,
    keyStates: HARD_CUT,
    floods: [{ from: 60, until: 70 }],
    phases: [
      { name: "quiet", from: 0, until: 20 },
      { name: "hard cut", from: 20, until: 30 },
    ],
  });
  expect(formatDays([outcome]).split("\n").at(-1)).toMatch(
    /^10,000 +\d+ +0\.\d \/ 1 +\d+ +[\d,]+ +\d+ \+ \d+ +\$0\.00 +0 +0 +\d+ s$/,
  );
  expect(formatPhases(outcome)).toMatch(/^quiet +0\.\d \/ 1/m);
  expect(formatHours([outcome])).toMatch(/^test +\d+/m);
  const svg = drawDays([outcome]);
  expect(svg).toMatch(/^<svg .*<\/svg>\n$/s);
  expect(svg.match(/stroke-width="1.5"/g)).toHaveLength(2);
  expect(svg).toContain(">flood</text>");
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});
