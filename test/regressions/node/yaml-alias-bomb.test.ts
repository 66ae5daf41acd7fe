import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const policy = scratch.write("policy.json", exampleFile());

/** Nine levels of nine references to the level before: 387 million values. */
function bomb(level: (name: string, before: string) => string, first: string): string {
  const names = Array.from({ length: 10 }, (_, index) => `l${index}`);
  const levels = names.slice(1).map((name, index) => level(name, names[index] ?? ""));
  return `openapi: 3.0.3\npaths: {}\nx-${names[0]}: &${names[0]} ${first}\n${levels.join("\n")}\n`;
}

const nine = (before: string) => Array(9).fill(`*${before}`).join(", ");

/** A file of 400 bytes kept the import busy for 20 seconds, because it wrote out all aliases. */
describe.each([
  { name: "lists", text: bomb((name, before) => `x-${name}: &${name} [${nine(before)}]`, "[x]") },
  {
    name: "security",
    text: bomb((name, before) => `x-${name}: &${name} [${nine(before)}]`, "[{ a: [b] }]").concat("security: *l9\n"),
  },
  {
    name: "merge keys",
    text: bomb((name, before) => `x-${name}: &${name} { <<: [${nine(before)}], ${name}: 1 }`, "{ a: 1 }"),
  },
])("a bomb of $name", ({ text }) => {
  it.each(["import", "drift"])("is refused by %s at once, with a clear message", async (command) => {
    const file = scratch.write("bomb.yaml", text);
    expect(text.length).toBeLessThan(900);
    const started = performance.now();
    const { exitCode, stderr } = await scopegate(command, "openapi", file, "--policy", policy, "--upstream", "orders");
    expect(performance.now() - started).toBeLessThan(5_000);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining("With its aliases, the file has more than 4000000 values."),
    ]);
  });
});
