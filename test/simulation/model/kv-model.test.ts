import { beforeEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../../support/keys/virtual-clock.ts";
import { Tally } from "../tally.ts";
import { scenario } from "../test-scenario.ts";
import { Timeline } from "../timeline.ts";
import { KvModel } from "./kv-model.ts";
import { kvDollars } from "./kv-price.ts";
import { Random } from "./random.ts";

let clock: VirtualClock;
let tally: Tally;
let kv: KvModel;

beforeEach(() => {
  clock = new VirtualClock(0, settled);
  tally = new Tally(new Timeline(scenario(), 0));
  kv = new KvModel(50, clock, new Random(1), tally);
});

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Takes each step at its time, in milliseconds, and returns their results. */
async function play(steps: readonly { at: number; do: () => Promise<unknown> }[]): Promise<unknown[]> {
  const results = steps.map((): unknown => undefined);
  for (const [index, step] of steps.entries()) {
    clock.at(step.at, () => {
      step.do().then(
        (result) => {
          results[index] = result;
        },
        (error: Error) => {
          results[index] = error.message;
        },
      );
    });
  }
  await clock.runUntil(500_000);
  return results;
}

const read = (location: number) => () => kv.at(location).get("k", { type: "text", cacheTtl: 30 });
const write = (location: number, value: string) => async () =>
  kv
    .at(location)
    .put("k", value, { expirationTtl: 200 })
    .then(() => "written");

describe("a location", () => {
  test("sees its own write at once, though it has cached that there was none", async () => {
    const steps = [
      { at: 1_000, do: read(7) },
      { at: 2_000, do: write(7, "v") },
      { at: 2_001, do: read(7) },
    ];
    expect(await play(steps)).toEqual([null, "written", "v"]);
  });

  test("keeps that there was nothing for half a minute", async () => {
    const steps = [
      { at: 1_000, do: write(7, "v") },
      { at: 1_001, do: read(8) },
      { at: 31_000, do: read(8) },
      { at: 61_002, do: read(8) },
    ];
    expect(await play(steps)).toEqual(["written", null, null, "v"]);
  });

  test("sees the write of another after a minute at the latest, and not all do at once", async () => {
    const early = Array.from({ length: 49 }, (_, location) => ({ at: 30_000, do: read(location + 1) }));
    const seen = await play([{ at: 1_000, do: write(0, "v") }, ...early]);
    expect(new Set(seen)).toEqual(new Set(["written", "v", null]));
    const late = Array.from({ length: 49 }, (_, location) => ({ at: 200_000, do: read(location + 1) }));
    clock = new VirtualClock(0, settled);
    kv = new KvModel(50, clock, new Random(2), tally);
    expect(new Set(await play([{ at: 139_000, do: write(0, "v") }, ...late]))).toEqual(new Set(["written", "v"]));
  });

  test("sees nothing once the value has expired", async () => {
    const steps = [
      { at: 1_000, do: write(7, "v") },
      { at: 200_999, do: read(7) },
      { at: 270_000, do: read(7) },
    ];
    expect(await play(steps)).toEqual(["written", "v", null]);
  });
});

test("a second write is refused within a second, wherever it is made, and taken after one", async () => {
  const steps = [
    { at: 1_000, do: write(1, "a") },
    { at: 1_999, do: write(2, "b") },
    { at: 2_000, do: write(3, "c") },
  ];
  expect(await play(steps)).toEqual(["written", "KV PUT failed: 429 Too Many Requests", "written"]);
  expect([tally.total("kvWrites"), tally.total("kvWritesRefused")]).toEqual([2, 1]);
});

describe("the price of KV", () => {
  const table = [
    { name: "is nothing for what is included", reads: 10e6, writes: 1e6, expected: 0 },
    { name: "is half a dollar for the next million reads", reads: 11e6, writes: 0, expected: 0.5 },
    { name: "is five dollars for the next million writes", reads: 0, writes: 2e6, expected: 5 },
  ];
  for (const { name, reads, writes, expected } of table) {
    test(name, () => expect(kvDollars(reads, writes)).toBeCloseTo(expected));
  }
});
