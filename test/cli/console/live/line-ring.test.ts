import { describe, expect, it } from "vitest";
import { lineRing, MAX_LINES } from "../../../../src/cli/console/live/line-ring.ts";

const LOG = { worker: "gateway", level: "log", message: [] };

function ringOf(count: number) {
  const ring = lineRing();
  for (let at = 1; at <= count; at += 1) ring.add(LOG, at);
  return ring;
}

describe("lineRing", () => {
  it.each([
    { name: "all lines, up to its size", count: MAX_LINES, first: 1 },
    { name: "all but the oldest, beyond it", count: MAX_LINES + 1, first: 2 },
  ])("keeps $name", ({ count, first }) => {
    const lines = ringOf(count).recentLines();
    expect(lines).toHaveLength(MAX_LINES);
    expect(lines[0]).toEqual({ id: first, atMs: first, log: LOG });
    expect(lines.at(-1)?.id).toBe(count);
  });

  it("tells listeners of each new line until they go", () => {
    const ring = ringOf(2);
    const heard: number[] = [];
    const stop = ring.onLine(({ id }) => heard.push(id));
    ring.add(LOG, 3);
    stop();
    ring.add(LOG, 4);
    expect(heard).toEqual([3]);
  });

  it("has a name that no other ring has", () => {
    expect(lineRing().run).not.toBe(lineRing().run);
  });
});
