import { describe, expect, it } from "vitest";
import { KeyHistory } from "../../../../src/cli/console/keys/key-history.ts";

function historyOf(lines: readonly object[], worker = "gateway") {
  const history = new KeyHistory();
  for (const [at, line] of lines.entries()) history.add({ worker, level: "log", message: [line] }, at);
  return history;
}

function event(change: string, members: object = {}) {
  return { event: "keys", issuer: "main", change, ...members };
}

function skips(kids: readonly string[], skipped = kids.length) {
  return kids.map((kid) => event("key-skipped", { kid, why: "rsa-too-short", skipped }));
}

describe("KeyHistory", () => {
  it("keeps the events of each issuer apart, the newest first", () => {
    const history = historyOf([event("refreshed"), event("kv-failed", { issuer: "other" }), event("refresh-failed")]);
    expect(history.of("main").events.map(({ atMs, line }) => [atMs, line["change"]])).toEqual([
      [2, "refresh-failed"],
      [0, "refreshed"],
    ]);
    expect(history.of("other").events).toHaveLength(1);
    expect(history.of("nobody").events).toEqual([]);
  });

  it.each([
    { name: "all", count: 20, first: 0 },
    { name: "the latest", count: 21, first: 1 },
  ])("keeps 20 events of an issuer: $name of $count", ({ count, first }) => {
    const { events } = historyOf(Array.from({ length: count }, () => event("refreshed"))).of("main");
    expect(events).toHaveLength(20);
    expect(events.at(-1)?.atMs).toBe(first);
  });

  it.each([
    { name: "one answer of the issuer", lines: skips(["a", "b"]), expected: ["a", "b"] },
    {
      name: "the later of two equally long ones",
      lines: [...skips(["a", "b"]), ...skips(["c", "d"])],
      expected: ["c", "d"],
    },
    { name: "the later, shorter one of two", lines: [...skips(["a", "b"]), ...skips(["c"])], expected: ["c"] },
    { name: "one with more than the log lists", lines: skips(["a", "b"], 40), expected: ["a", "b"] },
    {
      name: "the later of two of which the log lists 16 keys each",
      lines: [...skips("abcdefghijklmnop".split(""), 40), ...skips(["x"], 40)],
      expected: ["x"],
    },
  ])("keeps the skipped keys of $name", ({ lines, expected }) => {
    const { skipped, skippedCount } = historyOf(lines).of("main");
    expect(skipped.map(({ kid }) => kid)).toEqual(expected);
    expect(skippedCount).toBe(Reflect.get(lines.at(-1) ?? {}, "skipped"));
  });

  it.each([
    { name: "what other Workers log", lines: [event("refreshed")], worker: "orders" },
    { name: "other lines", lines: [{ event: "decision", issuer: "main" }], worker: "gateway" },
    { name: "a line without an issuer", lines: [{ event: "keys", change: "refreshed" }], worker: "gateway" },
  ])("keeps nothing of $name", ({ lines, worker }) => {
    expect(historyOf(lines, worker).of("main").events).toEqual([]);
  });

  it.each([
    { name: "the last that fits", issuer: "i199", expected: 1 },
    { name: "one more", issuer: "i200", expected: 0 },
  ])("keeps the events of 200 issuers: $name", ({ issuer, expected }) => {
    const history = historyOf(Array.from({ length: 201 }, (_, at) => event("refreshed", { issuer: `i${at}` })));
    expect(history.of(issuer).events).toHaveLength(expected);
  });
});
