import { expect, it, vi } from "vitest";
import { jsonLine, logToConsole } from "../../src/telemetry/log.ts";

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
  expect(Object.keys(line)).toEqual(["event", "route", "granted", "status"]);
  expect(printed(line)).toBe('{"event":"decision","granted":["a"],"status":200}');
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
  expect(JSON.parse(line)).toEqual({ subject: text });
});
