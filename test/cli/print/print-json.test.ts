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

  it.each<{ name: string; value: unknown }>([
    { name: "an empty object", value: {} },
    { name: "a list", value: [1, { a: [] }] },
    { name: "nothing", value: null },
    {
      name: "members of every type",
      value: { a: [], b: {}, c: [1, "x\ny", { d: [undefined, null] }], e: undefined, f: "g" },
    },
    { name: "no member that is there", value: { a: undefined } },
    {
      name: "more than one piece",
      value: { a: Array.from({ length: 5_000 }, (_, at) => ({ at, text: "text" })), b: 1 },
    },
  ])("prints the text of JSON.stringify for $name", ({ value }) => {
    printJson(value);
    const printed = log.mock.calls.map(([text]: unknown[]) => `${text}\n`).join("");
    expect(printed).toBe(`${JSON.stringify(value, null, 2)}\n`);
  });

  it("writes a large result in pieces", () => {
    printJson({ a: Array.from({ length: 5_000 }, (_, at) => ({ at, text: "text" })) });
    const lengths = log.mock.calls.map(([text]: unknown[]) => String(text).length);
    expect(lengths.length).toBeGreaterThan(1);
    expect(Math.max(...lengths)).toBeLessThan(70_000);
  });
});

it("printJsonText keeps the text of a file, with its line breaks", () => {
  printJsonText('{\r\n\t"a": "\u202e"\r\n}\n');
  expect(write).toHaveBeenCalledExactlyOnceWith('{\r\n\t"a": "\\u202e"\r\n}\n');
});
