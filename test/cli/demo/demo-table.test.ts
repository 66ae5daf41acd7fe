import { describe, expect, it } from "vitest";
import { formatTable } from "../../../src/cli/demo/demo-table.ts";
import { coloursFor } from "../../../src/cli/print/colours.ts";

const PLAIN = coloursFor({ isTTY: false });
const COLOURED = { ...PLAIN, bad: (text: string) => `\u001b[31m${text}\u001b[0m` };

describe("formatTable", () => {
  const rows = [
    { call: "GET /", expected: "200", actual: "200" },
    { call: "GET /long", expected: "403 x", actual: "200" },
  ];

  it("lines the columns up and counts the failures", () => {
    expect(formatTable(rows, PLAIN).join("\n")).toBe(
      [
        "      call       expected  actual",
        "ok    GET /      200       200",
        "FAIL  GET /long  403 x     200",
        "",
        "1 of 2 calls were not answered as expected.",
      ].join("\n"),
    );
  });

  it("is coloured for terminals only", () => {
    expect(formatTable(rows, COLOURED).join("\n")).toContain("\u001b[31mFAIL\u001b[0m");
    expect(formatTable(rows.slice(0, 1), PLAIN).join("\n")).toMatch(/All 1 calls were answered as expected\.$/);
  });
});
