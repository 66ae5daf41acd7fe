import { describe, expect, it, vi } from "vitest";
import { type LineRing, lineRing, MAX_LINES } from "../../../../src/cli/console/live/line-ring.ts";
import { liveEvents } from "../../../../src/cli/console/live/live-events.ts";
import type { PageEvent } from "../../../../src/cli/console/view/view-context.ts";
import { stackView, viewContext } from "../../../support/console/view-context.ts";
import { decisionLine } from "../../../support/decisions/decision-lines.ts";

const LOG = { worker: "gateway", level: "log", message: [decisionLine({})] };

function add(ring: LineRing, count: number): void {
  for (let at = 0; at < count; at += 1) ring.add(LOG, 0);
}

/** Opens the stream of a page that has seen `lastEventId`. */
function open(ring: LineRing | undefined, lastEventId?: string, after?: string) {
  const events: PageEvent[] = [];
  const all = viewContext(ring ? { stack: stackView(ring) } : {});
  const request = new Request(`http://127.0.0.1/live/events${after === undefined ? "" : `?after=${after}`}`);
  const close = liveEvents(async () => all, { request, lastEventId, send: (event) => events.push(event) });
  const batches = () => events.map(({ id, data }) => ({ id, ...JSON.parse(data) }));
  const ids = () => batches().flatMap(({ lines }) => lines.map((line: { id: number }) => line.id));
  return { close, batches, ids };
}

describe("liveEvents", () => {
  it("sends all lines to a new page, and then each new one, in batches whose id says how far they go", async () => {
    const ring = lineRing();
    add(ring, 2);
    const page = open(ring);
    await vi.waitFor(() => expect(page.ids()).toEqual([1, 2]));
    add(ring, 500);
    await vi.waitFor(() => expect(page.ids()).toHaveLength(502));
    expect(page.batches().map(({ id, run, missed }) => ({ id, run, missed }))).toEqual([
      { id: `${ring.run}.2`, run: ring.run, missed: 0 },
      { id: `${ring.run}.502`, run: ring.run, missed: 0 },
    ]);
    page.close();
  });

  it.each([
    { name: "goes on after what the page has seen", seen: (run: string) => `${run}.3`, expected: [4, 5] },
    { name: "sends no line again", seen: (run: string) => `${run}.5`, expected: [] },
    { name: "starts anew for a page of another run", seen: () => "another.4", expected: [1, 2, 3, 4, 5] },
    {
      name: "starts anew for a line that is still to come",
      seen: (run: string) => `${run}.6`,
      expected: [1, 2, 3, 4, 5],
    },
    { name: "starts anew for what is no id", seen: (run: string) => `${run}.-1`, expected: [1, 2, 3, 4, 5] },
    {
      name: "starts anew for a very long id",
      seen: (run: string) => run + "9".repeat(5_000),
      expected: [1, 2, 3, 4, 5],
    },
  ])("$name", async ({ seen, expected }) => {
    const ring = lineRing();
    add(ring, 5);
    const page = open(ring, seen(ring.run));
    await vi.waitFor(() => expect(page.batches()).toHaveLength(1));
    expect(page.ids()).toEqual(expected);
    page.close();
  });

  it("goes on after what a page that was out of sight has seen", async () => {
    const ring = lineRing();
    add(ring, 5);
    const page = open(ring, undefined, `${ring.run}.4`);
    await vi.waitFor(() => expect(page.ids()).toEqual([5]));
    page.close();
  });

  it.each([
    { name: "none, if the ring still has the next line", more: MAX_LINES, expected: 0 },
    { name: "how many, if it does not", more: MAX_LINES + 7, expected: 7 },
  ])("says how many lines are lost: $name", async ({ more, expected }) => {
    const ring = lineRing();
    add(ring, 3 + more);
    const page = open(ring, `${ring.run}.3`);
    await vi.waitFor(() => expect(page.batches()).toMatchObject([{ missed: expected }]));
    page.close();
  });

  it("sends nothing after the page has gone", async () => {
    const ring = lineRing();
    const page = open(ring);
    await vi.waitFor(() => expect(page.batches()).toHaveLength(1));
    add(ring, 1);
    page.close();
    add(ring, 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(page.batches()).toHaveLength(1);
  });

  it("sends nothing without a stack", async () => {
    const page = open(undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(page.batches()).toEqual([]);
    page.close();
  });
});
