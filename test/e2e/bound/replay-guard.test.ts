/** The Durable Object that remembers used proofs, alone, on workerd with its real storage. */
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { REPLAY_CLOCK_SKEW_SECONDS, REPLAY_SWEEP_SECONDS } from "../../../src/limits.ts";
import { bundleWorker } from "../../../src/local/bundle.ts";
import { type LocalWorker, type RunningWorkers, startWorkers } from "../../../src/local/miniflare.ts";
import { ROOT } from "../../support/project/project-files.ts";

const SKEW_MS = REPLAY_CLOCK_SKEW_SECONDS * 1000;

let workers: readonly LocalWorker[];
let running: RunningWorkers;

beforeAll(async () => {
  const script = await bundleWorker(join(ROOT, "test/support/e2e/small-guard.ts"));
  workers = [{ name: "guard", script, durableObjects: { GUARD: "SmallGuard" } }];
});
beforeEach(async () => {
  running = await startWorkers({ workers });
});
afterEach(() => running.dispose());

async function add(key: string, jti: string, inMs = 60_000): Promise<number> {
  const body = JSON.stringify([key, jti, Date.now() + inMs]);
  const { status } = await fetch(running.urls["guard"] ?? "", { method: "POST", body });
  return status;
}

async function fireAlarm(): Promise<{ readonly proofs: number; readonly alarm: number | null }> {
  return (await fetch(`${running.urls["guard"]}/alarm`)).json() as Promise<{ proofs: number; alarm: number | null }>;
}

it("a proof is new once, and two keys may choose the same jti", async () => {
  expect([await add("k1", "a"), await add("k1", "a"), await add("k2", "a"), await add("k1", "A")]).toEqual([
    ...[201, 409, 201, 201],
  ]);
});

it("of twenty equal proofs at once, one is new", async () => {
  const statuses = await Promise.all(Array.from({ length: 20 }, () => add("k1", "a")));
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(new Set(statuses)).toEqual(new Set([201, 409]));
});

it("one key has a share of the room, and a full object takes no proof, also after a new start", async () => {
  expect([await add("k1", "a"), await add("k1", "b"), await add("k1", "c")]).toEqual([201, 201, 507]);
  expect([await add("k2", "a"), await add("k3", "a")]).toEqual([201, 507]);
  await running.reload(workers);
  expect([await add("k1", "c"), await add("k3", "a"), await add("k1", "a")]).toEqual([507, 507, 409]);
});

it("in a full object, proofs whose time and difference of clocks are over make room, and others do not", async () => {
  expect([await add("k1", "over", -SKEW_MS - 1), await add("k1", "just", -SKEW_MS + 5_000)]).toEqual([201, 201]);
  expect([await add("k1", "new"), await add("k1", "newer")]).toEqual([201, 507]);
  expect([await add("k1", "just"), await add("k1", "new")]).toEqual([409, 409]);
});

it("an entry counts as long as it is there, although its time is over", async () => {
  expect([await add("k1", "a", -SKEW_MS - 1), await add("k1", "a", -SKEW_MS - 1)]).toEqual([201, 409]);
});

it("an alarm removes what is over, and another one is set while entries are left", async () => {
  await add("k1", "over", -SKEW_MS - 1);
  await add("k1", "kept");
  const { proofs, alarm } = await fireAlarm();
  expect(proofs).toBe(1);
  expect(Number(alarm) - Date.now()).toBeGreaterThan((REPLAY_SWEEP_SECONDS - 30) * 1000);
  expect(Number(alarm) - Date.now()).toBeLessThanOrEqual(REPLAY_SWEEP_SECONDS * 1000);
});

it("an object without entries sets no alarm", async () => {
  expect(await fireAlarm()).toEqual({ proofs: 0, alarm: null });
});

it.each(["null", "[]", '["k1", 1, 2]', '["k1", "a", null]', "not JSON"])("the body %s is no proof", async (body) => {
  const { status } = await fetch(running.urls["guard"] ?? "", { method: "POST", body });
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).not.toBe(409);
});
