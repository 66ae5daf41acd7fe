import { describe, expect, it } from "vitest";
import { legend } from "../../../../src/cli/console/routes/plain-table.ts";

describe("the legend", () => {
  it.each([
    { name: "has no mark where no cell has one", marks: [], signs: [] },
    { name: "has each mark once", marks: ["yny", "nn"], signs: ["\u2713", "\u2013"] },
    {
      name: "has all marks in their order",
      marks: ["nu", "riy"],
      signs: ["\u2713", "if", "\u25cb", "(\u2013)", "\u2013"],
    },
  ])("$name", ({ marks, signs }) => {
    const accesses = marks.map((it) => ({ requirement: "any token", marks: it }));
    expect(Array.from(legend({ accesses }).matchAll(/aria-hidden="true">([^<]*)</g), ([, sign]) => sign)).toEqual(
      signs,
    );
  });
});
