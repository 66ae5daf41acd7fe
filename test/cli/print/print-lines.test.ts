import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { coloursFor } from "../../../src/cli/print/colours.ts";
import { printErrorLines, printLines } from "../../../src/cli/print/print-lines.ts";

let log: ReturnType<typeof vi.spyOn>;
let error: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  log = vi.spyOn(console, "log").mockReturnValue();
  error = vi.spyOn(console, "error").mockReturnValue();
  vi.stubEnv("NO_COLOR", "");
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const printed = (line: string, isTTY: boolean): unknown => {
  const terminal = Object.getOwnPropertyDescriptor(process.stdout, "isTTY");
  Object.defineProperty(process.stdout, "isTTY", { value: isTTY, configurable: true });
  try {
    printLines([line]);
  } finally {
    if (terminal) Object.defineProperty(process.stdout, "isTTY", terminal);
    else Reflect.deleteProperty(process.stdout, "isTTY");
  }
  return log.mock.calls.at(-1)?.[0];
};

describe("printLines", () => {
  it.each([
    { name: "an escape sequence", line: "a\u001b[2K\u001b[1Ab", expected: "a\\u{1b}[2K\\u{1b}[1Ab" },
    { name: "a sequence of C1", line: "a\u009b2K", expected: "a\\u{9b}2K" },
    { name: "a title", line: "\u001b]0;x\u0007", expected: "\\u{1b}]0;x\\u{7}" },
    { name: "a carriage return", line: "BROKEN\rholds ", expected: "BROKEN\\u{d}holds " },
    { name: "a line break", line: "a\nholds  all", expected: "a\\u{a}holds  all" },
    { name: "a direction mark", line: "\u202egpj", expected: "\\u{202e}gpj" },
    { name: "a colour that is none of ours", line: "\u001b[8mhidden", expected: "\\u{1b}[8mhidden" },
    { name: "letters of any script", line: "\u05d0 \u00fc \u{1f600}", expected: "\u05d0 \u00fc \u{1f600}" },
  ])("shows $name, on terminals and elsewhere", ({ line, expected }) => {
    expect(printed(line, true)).toBe(expected);
    expect(printed(line, false)).toBe(expected);
  });

  it("lets the colours of `coloursFor` pass on terminals only", () => {
    const line = coloursFor({ isTTY: true }).bad("BROKEN");
    expect(printed(line, true)).toBe("\u001b[31mBROKEN\u001b[0m");
    expect(printed(line, false)).toBe("\\u{1b}[31mBROKEN\\u{1b}[0m");
  });

  it("prints several lines as one text", () => {
    printLines(["a", "", "b"]);
    expect(log).toHaveBeenCalledExactlyOnceWith("a\n\nb");
  });
});

describe("printErrorLines", () => {
  it("leaves out whole sequences, and shows all other control characters", () => {
    printErrorLines(["a\u001b[31mb\rc\nd", "e"]);
    expect(error).toHaveBeenCalledExactlyOnceWith("ab\\u{d}c\\u{a}d\ne");
  });
});
