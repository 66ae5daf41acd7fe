import { describe, expect, it, vi } from "vitest";
import { jsonLine, LOG_VERSION, logError, logToConsole, namingPolicy } from "../../src/telemetry/log.ts";

const INSPECT = Symbol.for("nodejs.util.inspect.custom");

function printed(line: object): string {
  return (jsonLine(line) as { [INSPECT](): string })[INSPECT]();
}

it("an object is logged as it is, and prints itself as JSON", () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const line = { event: "decision", route: undefined, granted: ["a"], status: 200 };
  logToConsole(line);
  expect(log).toHaveBeenCalledExactlyOnceWith(line);
  log.mockRestore();
  expect(Object.keys(line)).toEqual(["event", "route", "granted", "status", "v"]);
  expect(printed({ ...line, v: undefined })).toBe('{"event":"decision","granted":["a"],"status":200,"v":1}');
});

it.each([
  { level: undefined, method: "log" as const },
  { level: "error" as const, method: "error" as const },
])("Cloudflare gets the level $level from console.$method", ({ level, method }) => {
  const spies = { log: vi.spyOn(console, "log"), error: vi.spyOn(console, "error") };
  for (const spy of Object.values(spies)) spy.mockImplementation(() => undefined);
  logToConsole({ event: "decision" }, level);
  for (const [name, spy] of Object.entries(spies)) {
    expect(spy.mock.calls).toEqual(
      name === method ? [[{ event: "decision", v: LOG_VERSION, [INSPECT]: expect.any(Function) }]] : [],
    );
    spy.mockRestore();
  }
});

it("the level goes with the line that names the policy, and with the others", () => {
  const levels: unknown[] = [];
  const log = namingPolicy("sha256:1", (_line, level) => levels.push(level));
  for (const level of ["error", undefined, "error"] as const) log({ event: "decision" }, level);
  expect(levels).toEqual(["error", undefined, "error"]);
});

it.each([
  { name: "a line feed", text: "a\nb" },
  { name: "an escape", text: "\u001b[2J" },
  { name: "DEL", text: "a\u007fb" },
  { name: "a C1 control", text: "\u009b2J" },
  { name: "what turns the direction of text", text: "\u202eabc\u2066" },
])("what is printed plays no trick on a terminal and is the same when it is read: $name", ({ text }) => {
  const line = printed({ subject: text });
  expect(line).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(line)).toEqual({ subject: text, v: 1 });
});

it("the first line names the policy, and no other does", () => {
  const lines: object[] = [];
  const log = namingPolicy("sha256:1", (line) => lines.push(line));
  for (const event of ["keys", "decision", "decision"]) log({ event });
  expect(lines).toEqual([{ event: "keys", policy: "sha256:1" }, { event: "decision" }, { event: "decision" }]);
});

describe("logError", () => {
  const JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln";

  /** What one call writes, as it is stored. */
  function logged(error: unknown): unknown {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    logError("request-1", error);
    const { calls } = log.mock;
    log.mockRestore();
    expect(calls).toHaveLength(1);
    return JSON.parse(printed(Object(calls[0]?.[0])));
  }

  it("writes one line with message and stack", () => {
    expect(logged(new TypeError("no headers"))).toEqual({
      event: "error",
      v: 1,
      request_id: "request-1",
      message: "TypeError: no headers",
      stack: expect.stringContaining("log.test"),
    });
  });

  it.each([
    { name: "a string", thrown: "why", message: "why" },
    { name: "nothing", thrown: undefined, message: "undefined" },
    { name: "an object", thrown: { message: "x" }, message: "[object Object]" },
  ])("writes what is thrown without being an error: $name", ({ thrown, message }) => {
    expect(logged(thrown)).toEqual({ event: "error", v: 1, request_id: "request-1", message });
  });

  it("writes a message that breaks no line, and a stack with lines, both bounded", () => {
    const error = new Error(`a\u001b[2J\r${"x".repeat(2_000)}`);
    error.stack = `Error: a\u009b2J\n${"  at somewhere\n".repeat(1_000)}`;
    const { message, stack } = Object(logged(error));
    expect(message).toMatch(/^Error: a\\u\{1b\}\[2J\\u\{d\}x+\.\.\.$/);
    expect(message).toHaveLength(1_024);
    expect(stack).toMatch(/^Error: a\\u\{9b\}2J\n {2}at somewhere\n/);
    expect(stack.length).toBeLessThan(8_300);
  });

  it("writes no token that the message quotes", () => {
    const line = JSON.stringify(logged(new TypeError(`Invalid header value: Bearer ${JWT}`)));
    expect(line).not.toContain("eyJ");
    expect(line).not.toContain("c2ln");
  });
});
