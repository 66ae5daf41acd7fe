import { describe, expect, it } from "vitest";
import { isOlderNode, npmCommand } from "../../src/cli/newer-node.ts";

describe("a Node is too old", () => {
  it.each([
    { version: "20.19.5", isOld: true },
    { version: "22.11.9", isOld: true },
    { version: "22.12.0", isOld: false },
    { version: "23.0.0", isOld: false },
    { version: "24.21.0", isOld: false },
  ])("$version: $isOld", ({ version, isOld }) => expect(isOlderNode(version)).toBe(isOld));
});

describe("npm is", () => {
  it.each([
    { running: "/lib/npm/bin/npm-cli.js", expected: [process.execPath, "/lib/npm/bin/npm-cli.js"] },
    { running: "/lib/npm/bin/npx-cli.js", expected: [process.execPath, "/lib/npm/bin/npm-cli.js"] },
    { running: "/lib/yarn/bin/yarn.js", expected: ["npm"] },
    { running: undefined, expected: ["npm"] },
  ])("$expected where $running runs this process", ({ running, expected }) => {
    expect(npmCommand(running)).toEqual(expected);
  });
});
