import { describe, expect, it } from "vitest";
import {
  type Comparers,
  compareLarger,
  compareMembers,
} from "../../../../../src/policy/analysis/diff/settings/comparers.ts";

interface Box {
  readonly name: string;
  readonly height: number;
  readonly width: number;
}

const BOX: Comparers<Box> = {
  name: "identity",
  height(was, is, note) {
    if (was !== is) note("looser", `height ${was} ${is}`);
  },
  width(was, is, note) {
    if (was !== is) note("tighter", `width ${was} ${is}`);
  },
};

function changesOf(before: Box, after: Box): string[] {
  const changes: string[] = [];
  compareMembers(before, after, BOX, (member, kind, message) => changes.push(`${member}: ${kind} ${message}`));
  return changes;
}

describe("compareMembers", () => {
  it.each([
    { name: "nothing", after: { name: "a", height: 1, width: 1 }, expected: [] },
    {
      name: "every member that differs, in the order of the table",
      after: { name: "a", height: 2, width: 3 },
      expected: ["height: looser height 1 2", "width: tighter width 1 3"],
    },
    { name: "nothing of a member without a comparer", after: { name: "b", height: 1, width: 1 }, expected: [] },
  ])("notes $name", ({ after, expected }) => {
    expect(changesOf({ name: "a", height: 1, width: 1 }, after)).toEqual(expected);
  });

  it("does not compile for a table without one of the members", () => {
    // @ts-expect-error: `width` is not listed.
    const incomplete: Comparers<Box> = { name: "identity", height: "elsewhere" };
    expect(Object.keys(incomplete)).toEqual(["name", "height"]);
  });
});

describe("compareLarger", () => {
  it.each([
    { name: "more", was: 5, is: 6, expected: ["looser Changed from 5 to 6."] },
    { name: "less", was: 5, is: 4, expected: ["tighter Changed from 5 to 4."] },
    { name: "the same", was: 5, is: 5, expected: [] },
  ])("tells of $name", ({ was, is, expected }) => {
    const changes: string[] = [];
    compareLarger(was, is, (kind, message) => changes.push(`${kind} ${message}`));
    expect(changes).toEqual(expected);
  });
});
