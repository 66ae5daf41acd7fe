import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        // Inside workerd: everything the Worker runs.
        plugins: [cloudflareTest({ wrangler: { configPath: "./examples/shop/wrangler.toml" } })],
        test: {
          name: "worker",
          // Tests of random policies take a second alone, and many times that on a busy machine.
          testTimeout: 30_000,
          // The tests share no state that changes, so one runtime serves all files.
          isolate: false,
          include: [
            "test/*.test.ts",
            "test/{answer,assertion,endpoints,features,http,json,keys,mcp,policy,rate-limits,revocations,shadow,stages}/**/*.test.ts",
            "test/{telemetry,token,upstream}/**/*.test.ts",
            "test/regressions/{*,!(node)/*}.test.ts",
          ],
        },
      },
      {
        // In Node: the command line, the local stack, and the built Worker driven over HTTP.
        test: {
          name: "node",
          include: [
            "test/{bench,cli,e2e,explain,hostile,local,mutants,project,regressions/node,simulation,support,testing}/**/*.test.ts",
          ],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // In Node, with pages of the console in Chromium. Skipped where there is no Chromium.
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          // A test opens many pages, and each takes a second on a busy machine.
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
