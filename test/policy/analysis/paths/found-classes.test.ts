import { describe, expect, it } from "vitest";
import { FoundClasses } from "../../../../src/policy/analysis/paths/found-classes.ts";
import type { Trail } from "../../../../src/policy/analysis/paths/path-place.ts";

const ROOT: Trail = { from: undefined, segment: "", isFresh: false, kind: "literal", alike: undefined };
const trailTo = (segment: string, isFresh = false): Trail => ({
  ...ROOT,
  from: ROOT,
  segment,
  isFresh,
  kind: "parameter",
});
const [ONE, OTHER, ROUTE] = [{}, {}, {}];

describe("a class is new", () => {
  it.each([
    { name: "once for one tree of routes", routes: 1, first: [ROUTE], second: [ROUTE], isNew: false },
    { name: "for another leaf", routes: 1, first: [ONE], second: [OTHER], isNew: true },
    { name: "where a selection matches, too", routes: 1, first: [ROUTE, undefined], second: [ROUTE, ONE], isNew: true },
    {
      name: "where another selection matches",
      routes: 1,
      first: [ROUTE, ONE, undefined],
      second: [ROUTE, undefined, ONE],
      isNew: true,
    },
    { name: "once for a pair of routes", routes: 2, first: [ONE, OTHER], second: [ONE, OTHER], isNew: false },
    { name: "for a pair the other way round", routes: 2, first: [ONE, OTHER], second: [OTHER, ONE], isNew: true },
    {
      name: "where no route of one side matches",
      routes: 2,
      first: [ONE, undefined],
      second: [undefined, ONE],
      isNew: true,
    },
    {
      name: "where one of many selections matches",
      routes: 1,
      first: [ROUTE, ...Array.from({ length: 40 }, () => undefined)],
      second: [ROUTE, ...Array.from({ length: 39 }, () => undefined), ONE],
      isNew: true,
    },
  ])("$name: $isNew", ({ routes, first, second, isNew }) => {
    const found = new FoundClasses(routes, undefined);
    expect(found.add(first, trailTo("a"))).toBe(true);
    expect(found.add(second, trailTo("b"))).toBe(isNew);
  });

  it.each([
    { name: "the text of a segment matters", telling: [0], isNew: true },
    { name: "the text of another segment matters", telling: [1], isNew: false },
    { name: "no text matters", telling: [], isNew: false },
  ])("for another literal if $name: $isNew", ({ telling, isNew }) => {
    const found = new FoundClasses(1, () => telling);
    expect(found.add([ROUTE], trailTo("a"))).toBe(true);
    expect(found.add([ROUTE], trailTo("b"))).toBe(isNew);
  });

  it("once for all texts that no pattern has", () => {
    const found = new FoundClasses(1, () => [0]);
    expect([found.add([ROUTE], trailTo("x", true)), found.add([ROUTE], trailTo("x1", true))]).toEqual([true, false]);
  });
});
