// Read by Stryker once for each folder; `npm run mutants` says which in MUTANTS.
const folder = process.env["MUTANTS"];
if (folder === undefined) throw new Error("Run: npm run mutants");

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: [`src/${folder}/**/*.ts`],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutants/vitest.config.ts" },
  // Nothing to rewrite, and TypeScript 7 has no API that Stryker could rewrite it with.
  tsconfigFile: "none",
  coverageAnalysis: "perTest",
  incremental: true,
  incrementalFile: `reports/mutants-${folder}.json`,
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ["progress", "clear-text", "html"],
  htmlReporter: { fileName: `reports/mutants-${folder}.html` },
  clearTextReporter: { reportTests: false, logTests: false, allowEmojis: false },
  ignorePatterns: [".wrangler", "dist"],
  warnings: { slow: false },
  thresholds: { high: 90, low: 90, break: 90 },
};
