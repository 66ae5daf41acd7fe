import { describe, expect, it } from "vitest";
import { MAX_LOGGED_MESSAGE_LENGTH } from "../../src/limits.ts";
import { createFailureLog } from "../../src/telemetry/failure-log.ts";

function logOf(...failures: readonly unknown[]) {
  const lines: unknown[] = [];
  const fail = createFailureLog((line, level) => void lines.push([line, level]), "metrics-failed");
  for (const failure of failures) fail(failure);
  return lines;
}

describe("a failure log", () => {
  it.each([
    { name: "an error with its name", failures: [new TypeError("no dataset")], message: "TypeError: no dataset" },
    { name: "a text as it is", failures: ["no dataset"], message: "no dataset" },
    { name: "the first failure only", failures: ["first", "second"], message: "first" },
  ])("writes $name, at error level", ({ failures, message }) => {
    expect(logOf(...failures)).toEqual([[{ event: "metrics-failed", message }, "error"]]);
  });

  it.each([
    { name: "cannot be made a text", failure: Object.create(null) },
    {
      name: "has a text that throws",
      failure: {
        toString: () => {
          throw new Error("no text");
        },
      },
    },
  ])("ignores what $name", ({ failure }) => {
    expect(logOf(failure)).toEqual([]);
  });

  it("ignores a log that throws", () => {
    const fail = createFailureLog(() => {
      throw new Error("The log is gone.");
    }, "shadow-failed");
    expect(() => fail("why")).not.toThrow();
  });

  it("writes no more characters than a message of the log has", () => {
    const lengths = [-1, 0, 1].map((more) => {
      const [[line]] = logOf("x".repeat(MAX_LOGGED_MESSAGE_LENGTH + more)) as [[{ message: string }]];
      return line.message.length - MAX_LOGGED_MESSAGE_LENGTH;
    });
    expect(lengths).toEqual([-1, 0, 0]);
  });

  it("writes no access token", () => {
    expect(JSON.stringify(logOf(new Error("Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln")))).not.toContain("eyJ");
  });
});
