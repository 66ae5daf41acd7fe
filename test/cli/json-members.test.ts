import { describe, expect, it } from "vitest";
import { objectAt, objectsAt, stringAt, stringsAt } from "../../src/cli/json-members.ts";

describe("a member", () => {
  const value = { object: { a: 1 }, text: "t", objects: [{ a: 1 }, null, "t", []], texts: ["t", 1, "u"], none: null };

  it("is given if it has the wanted type", () => {
    expect(objectAt(value, "object")).toEqual({ a: 1 });
    expect(objectsAt(value, "objects")).toEqual([{ a: 1 }]);
    expect(stringAt(value, "text")).toBe("t");
    expect(stringsAt(value, "texts")).toEqual(["t", "u"]);
  });

  it.each(["absent", "none"])("counts as absent if it has another type: %s", (name) => {
    expect(objectAt(value, name)).toEqual({});
    expect(objectsAt(value, name)).toEqual([]);
    expect(stringAt(value, name)).toBeUndefined();
    expect(stringsAt(value, name)).toEqual([]);
  });
});
