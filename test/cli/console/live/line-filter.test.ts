import { describe, expect, it } from "vitest";
import { countKinds, filterQuery, isShown, readFilter } from "../../../../src/cli/console/live/line-filter.ts";

const LINE = {
  kind: "deny",
  reason: "scope-insufficient",
  client: "Mobile (4k2j)",
  target: "GET /orders/:id",
} as const;

function filter(query: string) {
  return readFilter(new URLSearchParams(query));
}

describe("isShown", () => {
  it.each([
    { name: "no filter", query: "", expected: true },
    { name: "its kind", query: "decision=deny", expected: true },
    { name: "another kind", query: "decision=allow", expected: false },
    { name: "part of the reason", query: "reason=scope", expected: true },
    { name: "another reason", query: "reason=token", expected: false },
    { name: "the client's name in another case", query: "client=mobile", expected: true },
    { name: "the client's id", query: "client=4k2j", expected: true },
    { name: "another client", query: "client=web", expected: false },
    { name: "part of the route", query: "route=/orders", expected: true },
    { name: "the method", query: "route=get", expected: true },
    { name: "one text that it has and one that it lacks", query: "route=/orders&client=web", expected: false },
    { name: "a pattern, which is no regular expression", query: "route=.*", expected: false },
    { name: "spaces around a text", query: "reason=+scope+", expected: true },
  ])("with $name: $expected", ({ query, expected }) => {
    expect(isShown(LINE, filter(query))).toBe(expected);
  });
});

describe("countKinds", () => {
  it("counts the lines with the texts, of the other kinds, too", () => {
    const lines = [LINE, { ...LINE, kind: "allow", reason: "" }, { ...LINE, client: "web" }] as const;
    expect(countKinds(lines, filter("decision=deny&client=mobile"))).toEqual({
      ...{ allow: 1, deny: 1, error: 0, "would-deny": 0, shadow: 0, event: 0 },
    });
  });
});

describe("filterQuery", () => {
  it.each(["", "decision=deny", "decision=deny&reason=a%26b&client=%C3%BC&route=%2Forders"])(
    "gives %j again",
    (query) => {
      expect(filterQuery(filter(query))).toBe(query);
    },
  );

  it("leaves out what no filter reads", () => {
    expect(filterQuery(filter("token=x&reason=a"))).toBe("reason=a");
  });
});
