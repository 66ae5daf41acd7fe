import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { printJson, printJsonText } from "../../../src/cli/print/print-json.ts";

let log: ReturnType<typeof vi.spyOn>;
let write: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  log = vi.spyOn(console, "log").mockReturnValue();
  write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

const ODD = "\u001b[2K \u007f \u009b \u202e \u2028 \u05d0";

describe("printJson", () => {
  it("escapes what JSON allows and terminals obey, and keeps the value", () => {
    printJson({ [ODD]: ODD });
    const text = String(log.mock.calls[0]?.[0]);
    const raw = ["\u001b", "\u007f", "\u009b", "\u202e", "\u2028"].filter((character) => text.includes(character));
    expect(raw).toEqual([]);
    expect(text).toContain("\\u007f \\u009b \\u202e \\u2028 \u05d0");
    expect(JSON.parse(text)).toEqual({ [ODD]: ODD });
  });

  it("prints sets as lists and maps as objects", () => {
    printJson({ set: new Set(["a"]), map: new Map([["b", 1]]) });
    expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toEqual({ set: ["a"], map: { b: 1 } });
  });
});

it("printJsonText keeps the text of a file, with its line breaks", () => {
  printJsonText('{\r\n\t"a": "\u202e"\r\n}\n');
  expect(write).toHaveBeenCalledExactlyOnceWith('{\r\n\t"a": "\\u202e"\r\n}\n');
});
