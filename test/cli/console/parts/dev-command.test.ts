import { describe, expect, it } from "vitest";
import { devCommand } from "../../../../src/cli/console/parts/dev-command.ts";

describe("the command that starts a stack", () => {
  it.each([
    { name: "the usual file needs no option", policy: "routes.json", expected: "npm run dev" },
    { name: "a commit cannot run, so the file does", policy: "git:main", expected: "npm run dev" },
    {
      name: "another file is named",
      policy: "examples/mcp/routes.json",
      expected: "npm run dev -- --policy examples/mcp/routes.json",
    },
    { name: "a name does nothing in a shell", policy: "a b;c.json", expected: "npm run dev -- --policy 'a b;c.json'" },
  ])("$name", ({ policy, expected }) => {
    expect(devCommand(policy, "posix")).toBe(expected);
  });
});
