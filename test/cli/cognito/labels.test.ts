import { expect, test } from "vitest";
import { Labels } from "../../../src/cli/cognito/labels.ts";

test.each([
  { name: "leaves out the scheme of a URL", input: ["https://api.example.com"], expected: ["ApiExampleComServer"] },
  { name: "puts no digit first", input: ["2nd"], expected: ["N2ndServer"] },
  { name: "takes what has no letter or digit", input: ["--"], expected: ["Server"] },
  { name: "gives none twice", input: ["a b", "a-b", "A-B"], expected: ["ABServer", "ABServer2", "ABServer3"] },
  {
    name: "tells none apart by case alone",
    input: ["abC", "abc"],
    expected: ["AbCServer", "AbcServer2"],
  },
])("a label $name", ({ input, expected }) => {
  const labels = new Labels();
  expect(input.map((text) => labels.next(text, "Server"))).toEqual(expected);
});
