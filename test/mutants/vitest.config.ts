import { defineConfig } from "vitest/config";

const folder = process.env["MUTANTS"];

/**
 * What the mutants of one folder are run against: its own units, as a fault should be noticed where it is; in Node, where
 * Stryker can watch them. The JSON Schema counts as a unit of the policy. No fuzzers: they are slow, and what they find
 * by chance is no proof that it would be found again.
 */
export default defineConfig({
  test: {
    include: [`test/${folder}/**/*.test.ts`, ...(folder === "policy" ? ["test/cli/commands/schema.test.ts"] : [])],
    exclude: ["**/*.fuzz.test.ts"],
    // The tests share no state but what is pure, and each mutant gets a worker of its own anyway.
    isolate: false,
    // Instrumented code is slow, which is not what is tested here.
    testTimeout: 60_000,
  },
});
