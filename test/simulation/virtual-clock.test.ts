import { expect, test } from "vitest";
import { VirtualClock } from "../support/keys/virtual-clock.ts";

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test("appointments are kept in the order of their times, and at one time in the order they were made", async () => {
  const clock = new VirtualClock(1000, settled);
  const kept: string[] = [];
  const times = [1030, 1010, 1020, 1010, 1005, 1040, 1007, 1030];
  for (const [index, time] of times.entries()) clock.at(time, () => kept.push(`${clock.now()} ${index}`));
  await clock.runUntil(2000);
  expect(kept).toEqual(["1005 4", "1007 6", "1010 1", "1010 3", "1020 2", "1030 0", "1030 7", "1040 5"]);
  expect(clock.now()).toBe(2000);
});

test("an appointment at the end is kept, one just after it is not", async () => {
  const clock = new VirtualClock(0, settled);
  const kept: number[] = [];
  for (const time of [100, 101]) clock.at(time, () => kept.push(time));
  await clock.runUntil(100);
  expect(kept).toEqual([100]);
});

test("nothing happens in the past or in no time", async () => {
  const clock = new VirtualClock(1000, settled);
  const kept: number[] = [];
  clock.at(1, () => kept.push(clock.now()));
  await clock.runUntil(2000);
  expect(kept).toEqual([1001]);
});

test("what a woken sleeper does is done before time goes on", async () => {
  const clock = new VirtualClock(0, settled);
  const woken: number[] = [];
  const work = async () => {
    for (const ms of [10, 10, 10]) {
      await clock.sleep(ms);
      woken.push(clock.now());
    }
  };
  const working = work();
  clock.at(1000, () => {});
  await clock.runUntil(1000);
  await working;
  expect(woken).toEqual([10, 20, 30]);
});
