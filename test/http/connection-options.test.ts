import { describe, expect, it } from "vitest";
import { connectionOptions } from "../../src/http/connection-options.ts";

describe("connectionOptions", () => {
  it.each([
    { name: "lists nothing without the header", input: undefined, expected: [] },
    { name: "lists what is separated by commas", input: "close, X-Hop", expected: ["close", "X-Hop"] },
    { name: "passes over empty ones", input: ",, close ,", expected: ["close"] },
    { name: "passes over what is no token", input: "x hop, (x), close", expected: ["close"] },
  ])("$name", ({ input, expected }) => {
    expect(connectionOptions(new Headers(input === undefined ? {} : { connection: input }))).toEqual(expected);
  });
});
