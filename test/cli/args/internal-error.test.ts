import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { printInternalError } from "../../../src/cli/args/internal-error.ts";

let error: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  vi.stubEnv("SCOPEGATE_DEBUG", undefined);
  error = vi.spyOn(console, "error").mockReturnValue();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function printed(thrown: unknown): string {
  expect(printInternalError(thrown)).toBe(70);
  expect(error).toHaveBeenCalledOnce();
  return String(error.mock.calls[0]?.[0]);
}

describe("a bug", () => {
  it("is one line that says so, with the message and where to report it", () => {
    expect(printed(new RangeError("Maximum call stack size exceeded"))).toBe(
      "This is a bug of scopegate: RangeError: Maximum call stack size exceeded. Please report it in the repository's " +
        "issues, with the stack that SCOPEGATE_DEBUG=1 shows.",
    );
  });

  it.each([
    { name: "a message of several lines", thrown: new Error("one\n  two\r\nthree") },
    { name: "a value that is no error", thrown: "one" },
    { name: "nothing", thrown: undefined },
    { name: "a message that steers the terminal", thrown: new Error("\u001b]0;title\u0007\u0085") },
  ])("is one line: $name", ({ thrown }) => {
    expect(printed(thrown)).toMatch(/^This is a bug of scopegate: [^\p{Cc}]*$/u);
  });

  it("shows no token, neither in its message nor in its stack", () => {
    vi.stubEnv("SCOPEGATE_DEBUG", "1");
    const text = printed(new SyntaxError('Unexpected token, "eyJhbGciOiJub25lIn0.eyJzdWIi.x" and Bearer abcdef'));
    expect(text).toContain("[token]");
    expect(text).not.toMatch(/eyJ|abcdef/);
  });

  it("shows at most 400 characters of a message", () => {
    expect(printed(new Error("x".repeat(393)))).toContain(`: Error: ${"x".repeat(393)}. Please`);
    error.mockClear();
    expect(printed(new Error("x".repeat(394)))).toContain(`: Error: ${"x".repeat(393)}... Please`);
  });

  it.each(["1", "true"])("has its stack with SCOPEGATE_DEBUG=%s", (value) => {
    vi.stubEnv("SCOPEGATE_DEBUG", value);
    expect(printed(new Error("it"))).toMatch(/\n {4}at .*internal-error\.test\.ts/);
  });

  it.each(["", "0"])("has no stack with SCOPEGATE_DEBUG=%j", (value) => {
    vi.stubEnv("SCOPEGATE_DEBUG", value);
    expect(printed(new Error("it"))).not.toContain("\n");
  });
});
