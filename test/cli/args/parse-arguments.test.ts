import { describe, expect, it } from "vitest";
import { parseArguments } from "../../../src/cli/args/parse-arguments.ts";

const description = "";
const COMMAND = {
  name: "it",
  hasScript: true,
  options: {
    client: { type: "string", required: true, description },
    scope: { type: "string", multiple: true, description },
    format: { type: "string", choices: ["table", "csv"], default: "table", description },
    realm: { type: "string", description },
    json: { type: "boolean", description },
  },
  positionals: { method: { required: true, description }, path: { default: "/", description } },
} as const;
const VARIADIC = {
  ...COMMAND,
  positionals: { ...COMMAND.positionals, more: { variadic: true, description } },
} as const;
const GIVEN = ["GET", "--client", "customer"];
/** The values where nothing but the method and the client is given. */
const VALUES = {
  client: "customer",
  scope: [],
  format: "table",
  realm: undefined,
  json: false,
  method: "GET",
  path: "/",
};

function failureOf(input: readonly string[], command: Parameters<typeof parseArguments>[0] = COMMAND) {
  const parsed = parseArguments(command, input);
  return parsed.ok ? undefined : parsed.failure;
}

describe("parseArguments", () => {
  it.each([
    { name: "takes what is required", input: GIVEN },
    { name: "takes as many arguments as there is room for", input: [...GIVEN, "/orders"] },
    { name: "takes a value behind an equals sign", input: ["GET", "--client=customer", "--scope=--odd"] },
    { name: "takes a value that begins with one hyphen, as for stdin", input: ["GET", "--client", "-"] },
    { name: "takes a flag in front of an argument", input: ["--json", ...GIVEN] },
  ])("$name", ({ input }) => {
    expect(failureOf(input)).toBeUndefined();
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
    { name: "two hyphens alone", input: [...GIVEN, "--", "/"], expected: "it has no option --. See --help." },
    { name: "a group of short options, in whole", input: ["-abc=d"], expected: "it has no option -abc. See --help." },
    {
      name: "a value for an option that takes none",
      input: [...GIVEN, "--json=no"],
      expected: "it: --json takes no value. See --help.",
    },
    {
      name: "a value that is none of the choices, without the value",
      input: [...GIVEN, "--format", "secret"],
      expected: "it: --format needs one of table, csv. See --help.",
    },
    {
      name: "the first of two mistakes",
      input: ["--jsn", "GET", "/", "x"],
      expected: "it has no option --jsn. Did you mean --json?",
    },
  ])("complains of $name", ({ input, expected }) => {
    expect(failureOf(input)).toBe(expected);
  });

  it("leaves it to the command how many arguments follow when it is variadic", () => {
    expect(failureOf([...GIVEN, "/", "x", "y"], VARIADIC)).toBeUndefined();
    expect(failureOf(["--client", "customer"], VARIADIC)).toBe("it: METHOD is missing. See --help.");
  });

  it("names a command without a script as it is called", () => {
    const { hasScript: _hasScript, ...command } = COMMAND;
    expect(failureOf(["GET"], command)).toBe("scopegate it: --client is missing. See --help.");
  });

  it.each([
    { name: "defaults, false, and an empty list for what is not given", input: GIVEN, expected: VALUES },
    {
      name: "all values of an option that may be repeated",
      input: [...GIVEN, "--scope", "a", "--scope=b c"],
      expected: { ...VALUES, scope: ["a", "b c"] },
    },
    {
      name: "the last value of any other option",
      input: [...GIVEN, "--realm", "a", "--realm=--b=c"],
      expected: { ...VALUES, realm: "--b=c" },
    },
    {
      name: "a value that begins with one hyphen",
      input: ["GET", "--client", "-", "--realm", "-x"],
      expected: { ...VALUES, client: "-", realm: "-x" },
    },
    {
      name: "a choice, a flag and an argument",
      input: ["--format=csv", "--json", ...GIVEN, "/orders"],
      expected: { ...VALUES, format: "csv", json: true, path: "/orders" },
    },
  ])("gives $name", ({ input, expected }) => {
    expect(parseArguments(COMMAND, input)).toEqual({ ok: true, value: expected });
  });

  it("gives what follows the other arguments as the list of a variadic one", () => {
    const value = { ...VALUES, path: "/orders", more: ["x", "y"] };
    expect(parseArguments(VARIADIC, [...GIVEN, "/orders", "x", "y"])).toEqual({ ok: true, value });
    expect(parseArguments(VARIADIC, GIVEN)).toEqual({ ok: true, value: { ...VALUES, more: [] } });
  });
});
