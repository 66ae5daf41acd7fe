import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { printCsv } from "../../../src/cli/print/csv.ts";

let write: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

describe("a cell in CSV", () => {
  it.each([
    { input: "plain", expected: "plain" },
    { input: "", expected: "" },
    { input: 'a,"b"', expected: '"a,""b"""' },
    { input: "=1+1", expected: "'=1+1" },
    { input: "+1", expected: "'+1" },
    { input: "-1", expected: "'-1" },
    { input: "@SUM(A1)", expected: "'@SUM(A1)" },
    { input: " =1", expected: "' =1" },
    { input: "a=1", expected: "a=1" },
    { input: "\t=1", expected: "\\u{9}=1" },
    { input: "a\r\nb", expected: "a\\u{d}\\u{a}b" },
    { input: '=HYPERLINK("x","y")', expected: '"\'=HYPERLINK(""x"",""y"")"' },
  ])("$input is $expected", ({ input, expected }) => {
    printCsv([[input, "x"]]);
    expect(write).toHaveBeenCalledExactlyOnceWith(`${expected},x\r\n`);
  });
});
