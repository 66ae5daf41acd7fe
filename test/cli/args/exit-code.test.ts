import { expect, test } from "vitest";
import { CommandError, exitCodeOf, InputError, UsageError } from "../../../src/cli/args/exit-code.ts";

test.each([
  { name: "a usage error", input: new UsageError("x"), expected: 2 },
  { name: "unreadable input", input: new InputError("x"), expected: 2 },
  { name: "work that could not be done", input: new CommandError("x"), expected: 1 },
  { name: "any other error", input: new TypeError("x"), expected: undefined },
  { name: "what is no error at all", input: "x", expected: undefined },
])("exitCodeOf gives the exit code for $name", ({ input, expected }) => {
  expect(exitCodeOf(input)).toBe(expected);
});
