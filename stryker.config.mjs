// Stryker reads this once for each folder, which `npm run mutants` names in MUTANTS.
const folder = process.env["MUTANTS"];
if (folder === undefined) throw new Error("Run: npm run mutants");

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: [`src/${folder}/**/*.ts`],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutants/vitest.config.ts" },
  // There is nothing to rewrite in it, and TypeScript 7 has no API that Stryker could use.
  tsconfigFile: "none",
  coverageAnalysis: "perTest",
  incremental: true,
  incrementalFile: `reports/mutants-${folder}.json`,
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ["progress", "clear-text", "html", "json"],
  htmlReporter: { fileName: `reports/mutants-${folder}.html` },
  // Read by `npm run mutants -- --write`.
  jsonReporter: { fileName: `reports/mutants-${folder}.report.json` },
  clearTextReporter: { reportTests: false, logTests: false, allowEmojis: false },
  ignorePatterns: [".wrangler", "dist", "lib"],
  warnings: { slow: false },
  thresholds: { high: 90, low: 90, break: 90 },
};
