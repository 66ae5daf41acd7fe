import type { ArgsDef } from "citty";
import { describe, expect, it } from "vitest";
import { argumentFault } from "../../../src/cli/args/argument-fault.ts";

const ARGS: ArgsDef = {
  method: { type: "positional", required: true },
  path: { type: "positional", default: "/" },
  client: { type: "string", required: true },
  scope: { type: "string" },
  json: { type: "boolean" },
};
const GIVEN = ["GET", "--client", "customer"];

describe("argumentFault", () => {
  it.each([
    { name: "takes what is required", input: GIVEN },
    { name: "takes as many arguments as there is room for", input: [...GIVEN, "/orders"] },
    { name: "takes a value behind an equals sign", input: ["GET", "--client=customer", "--scope=--odd"] },
    { name: "takes a value that begins with one hyphen, as for stdin", input: ["GET", "--client", "-"] },
    { name: "takes a flag in front of an argument", input: ["--json", ...GIVEN] },
  ])("$name", ({ input }) => {
    expect(argumentFault(input, { name: "it", args: ARGS })).toBeUndefined();
  });

  it.each([
    {
      name: "one argument more",
      input: [...GIVEN, "/", "x"],
      expected: "it: `x` is one argument too many. See --help.",
    },
    { name: "one argument less", input: ["--client", "customer"], expected: "it: METHOD is missing. See --help." },
    { name: "a missing option", input: ["GET"], expected: "it: --client is missing. See --help." },
    {
      name: "a slip of the pen",
      input: ["--clent", "x"],
      expected: "it has no option --clent. Did you mean --client?",
    },
    {
      name: "an option like no other, without its value, which may be a secret",
      input: ["--password=secret"],
      expected: "it has no option --password. See --help.",
    },
    { name: "a short option", input: ["-j"], expected: "it has no option -j. See --help." },
    {
      name: "an argument in the shape of an option",
      input: ["--method=GET"],
      expected: "it has no option --method. See --help.",
    },
    {
      name: "a name of every object",
      input: ["--constructor=x"],
      expected: "it has no option --constructor. See --help.",
    },
    { name: "an option at the end", input: ["GET", "--client"], expected: "it: --client needs a value. See --help." },
    { name: "an empty value", input: ["GET", "--client="], expected: "it: --client needs a value. See --help." },
    {
      name: "an option in place of a value",
      input: ["GET", "--client", "--json"],
      expected: "it: --client needs a value. See --help.",
    },
  ])("complains of $name", ({ input, expected }) => {
    expect(argumentFault(input, { name: "it", args: ARGS })).toBe(expected);
  });

  it("leaves it to the command how many arguments follow when it is variadic", () => {
    const command = { name: "it", args: ARGS, isVariadic: true };
    expect(argumentFault([...GIVEN, "/", "x", "y"], command)).toBeUndefined();
    expect(argumentFault(["--client", "customer"], command)).toBe("it: METHOD is missing. See --help.");
  });
});
