import { describe, expect, it } from "vitest";
import type { DescribedChange } from "../../../src/cli/diff/describe-route-change.ts";
import { groupChanges } from "../../../src/cli/diff/group-changes.ts";

const change = (path: string, more: Partial<DescribedChange> = {}): DescribedChange => ({
  kind: "tighter",
  methods: ["GET"],
  path,
  before: { path, requirement: "read", upstream: "main" },
  after: { path, requirement: "write", upstream: "main" },
  example: { method: "GET", path },
  gained: undefined,
  gainedBy: undefined,
  lost: ["read"],
  lostBy: undefined,
  note: undefined,
  ...more,
});

const many = (count: number, more?: Partial<DescribedChange>) =>
  Array.from({ length: count }, (_, at) => change(`/${at}`, more));

describe("changes", () => {
  it("are put together from 20 equal ones on", () => {
    expect(groupChanges(many(19)).map(({ others }) => others)).toEqual(Array.from({ length: 19 }, () => 0));
    expect(groupChanges(many(20))).toEqual([{ change: change("/0"), others: 19 }]);
  });

  it.each<{ name: string; other: Partial<DescribedChange> }>([
    { name: "another kind", other: { kind: "incomparable" } },
    { name: "another requirement before", other: { before: { path: "/x", requirement: "list", upstream: "main" } } },
    { name: "another requirement now", other: { after: { path: "/x", requirement: "admin", upstream: "main" } } },
    { name: "no requirement before", other: { before: undefined } },
    { name: "another note", other: { note: "with path parameters" } },
  ])("with $name stay apart", ({ other }) => {
    expect(groupChanges([...many(20), ...many(20, other)]).map(({ others }) => others)).toEqual([19, 19]);
  });
});
