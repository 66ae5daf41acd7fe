import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CommandError, InputError } from "../../../src/cli/args/exit-code.ts";
import { checkedPolicy, replacePolicy } from "../../../src/cli/check/replace-policy.ts";
import { exampleFile, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();

describe("a checked policy", () => {
  it.each([
    { name: "without findings", changes: {} },
    {
      name: "with a warning",
      changes: { upstreams: { ...exampleFile().upstreams, old: { url: "https://old.example" } } },
    },
  ])("$name replaces the file", async ({ changes }) => {
    const file = scratch.write("policy.json", "{}");
    const text = JSON.stringify(exampleFile(changes));
    replacePolicy(await checkedPolicy(file, text));
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it.each([
    { name: "a fault", changes: { realm: 7 }, error: CommandError },
    {
      name: "a broken guarantee",
      changes: { guarantees: [{ name: "nothing is public", publicOnly: [] }] },
      error: CommandError,
    },
  ])("does not exist for a policy with $name", async ({ changes, error }) => {
    const checked = checkedPolicy("policy.json", JSON.stringify(exampleFile(changes)));
    await expect(checked).rejects.toThrow(error);
    await expect(checked).rejects.toThrow(/nothing was written:\npolicy\.json:\d+:\d+: /);
  });

  it("that cannot be written is an expected error", async () => {
    const file = join(scratch.write("file", ""), "below.json");
    const checked = await checkedPolicy(file, JSON.stringify(exampleFile()));
    expect(() => replacePolicy(checked)).toThrow(InputError);
  });
});
