import { beforeEach, describe, expect, it } from "vitest";
import { SingleFlight } from "../../src/keys/single-flight.ts";
import { COLD_POLL_MS } from "../../src/limits.ts";
import { START, startClock } from "../support/keys/virtual-world.ts";

const LIMIT_MS = 1_000;
let clock: ReturnType<typeof startClock>;
let flight: SingleFlight;
beforeEach(() => {
  clock = startClock();
  flight = new SingleFlight(clock, LIMIT_MS);
});

const never = () => new Promise<never>(() => {});
const nothing = () => {};

describe("work of a single flight", () => {
  it("is not pending before any has begun", () => {
    expect(flight.isPending).toBe(false);
  });

  it("is pending until it settles, and gives its result to the request that began it", async () => {
    const result = flight.begin(() => clock.sleep(100).then(() => "done"), nothing);
    await clock.advance(99);
    expect(flight.isPending).toBe(true);
    await clock.advance(1);
    expect(flight.isPending).toBe(false);
    expect(await result).toBe("done");
  });

  it("is settled when it rejects, and rejects for the request that began it", async () => {
    const result = flight.begin(() => Promise.reject(new Error("broken")), nothing);
    await expect(result).rejects.toThrow("broken");
    expect(flight.isPending).toBe(false);
  });

  it("is pending just inside its limit and abandoned at it", async () => {
    void flight.begin(never, nothing);
    await clock.advance(LIMIT_MS - 1);
    expect(flight.isPending).toBe(true);
    await clock.advance(1);
    expect(flight.isPending).toBe(false);
  });

  it("goes to waitUntil, so that it goes on when its caller hangs up", async () => {
    const kept: Promise<unknown>[] = [];
    void flight.begin(
      () => clock.sleep(1).then(() => "done"),
      (work) => kept.push(work),
    );
    await clock.advance(1);
    expect(await Promise.all(kept)).toEqual(["done"]);
  });

  it("that was abandoned and settles later does not settle its successor", async () => {
    void flight.begin(() => clock.sleep(LIMIT_MS + 100), nothing);
    await clock.advance(LIMIT_MS);
    void flight.begin(never, nothing);
    await clock.advance(500);
    expect(flight.isPending).toBe(true);
  });
});

describe("waiting for a single flight", () => {
  it("ends at once when nothing is pending", async () => {
    await flight.waitUntilSettled();
    expect(clock.now()).toBe(START);
  });

  it("ends within one poll after the work has settled", async () => {
    void flight.begin(() => clock.sleep(50), nothing);
    await clock.run(flight.waitUntilSettled());
    expect(clock.now() - START).toBe(3 * COLD_POLL_MS);
  });

  it("ends within one poll after the work was abandoned", async () => {
    void flight.begin(never, nothing);
    await clock.run(flight.waitUntilSettled());
    expect(clock.now() - START).toBe(LIMIT_MS);
  });

  it("does not go on for work that begins later", async () => {
    void flight.begin(() => clock.sleep(10), nothing);
    const waiting = flight.waitUntilSettled();
    await clock.advance(10);
    void flight.begin(never, nothing);
    await clock.run(waiting);
    expect(clock.now() - START).toBe(COLD_POLL_MS);
  });
});
