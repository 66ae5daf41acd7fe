import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/cli/args/exit-code.ts";
import { hasVariables, readVariables } from "../../../src/cli/policy-file/read-variables.ts";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";

const variable = (name: string) => `\${${name}}`;

describe("hasVariables", () => {
  it.each([
    { name: "finds one at the beginning of a string", input: `"${variable("A")}/v1"`, expected: true },
    { name: "finds one inside a string", input: `"https://${variable("A")}/v1"`, expected: true },
    { name: "finds none in a text without", input: "$A {B}", expected: false },
  ])("$name", ({ input, expected }) => {
    expect(hasVariables({ text: input })).toBe(expected);
  });
});

describe("readVariables", () => {
  const scratch = scratchDirectory();
  const source = { name: scratch.write("policy.json", {}), text: `"${variable("A")}"` };
  const madeUp = { A: "https://a.invalid" };

  it.each(["placeholders", "wrangler"] as const)(
    "makes values up where there is no wrangler file: %s",
    async (from) => {
      expect(await readVariables(source, { from })).toEqual(madeUp);
    },
  );

  it("refuses an environment that is not there, rather than making values up", async () => {
    const read = readVariables(source, { from: "wrangler", environment: "production" });
    await expect(read).rejects.toBeInstanceOf(InputError);
  });

  it("reads the wrangler file beside another policy only if none is beside the policy itself", async () => {
    const [own, other] = [0, 1].map(() => scratch.folder());
    const orBeside = other?.write("routes.json", {}) ?? "";
    other?.write("wrangler.json", { vars: { A: "of the other" } });
    const policy = { ...source, name: own?.write("next.json", {}) ?? "" };
    const read = () => readVariables(policy, { from: "wrangler", orBeside });
    expect(await read()).toEqual({ A: "of the other" });
    own?.write("wrangler.json", { vars: { A: "of its own" } });
    expect(await read()).toEqual({ A: "of its own" });
  });
});
