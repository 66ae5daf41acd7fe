import { defineConfig } from "vitest/config";

const folder = process.env["MUTANTS"];

/**
 * The tests that the mutants of one folder are run against: those of the same folder, because a fault should be noticed
 * where it is, and in Node, where Stryker can watch them. The JSON Schema counts as a unit of the policy. Fuzz tests
 * are left out: they are slow, and what they find by chance once, they may not find again.
 */
export default defineConfig({
  test: {
    include: [`test/${folder}/**/*.test.ts`, ...(folder === "policy" ? ["test/cli/commands/schema.test.ts"] : [])],
    exclude: ["**/*.fuzz.test.ts"],
    // The tests share no state that changes, and each mutant gets a worker of its own anyway.
    isolate: false,
    // Instrumented code is slow; speed is not tested here.
    testTimeout: 60_000,
  },
});
