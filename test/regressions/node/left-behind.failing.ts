/** Tests that fail while processes of theirs run. `left-behind.test.ts` runs them, and looks for what they leave. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { startWorkers } from "../../../src/local/miniflare.ts";
import { runScript } from "../../support/cli/run-script.ts";

const SCRIPT = join(import.meta.dirname, "bench-that-waits.ts");

it("fails while a script and the workerd of the script run", async () => {
  const script = runScript(SCRIPT);
  const output = await script.printed("workerd ");
  console.log(`pid ${script.process.pid}`);
  console.log(`pid ${/workerd (\d+)/.exec(output)?.[1]}`);
  expect.fail("on purpose");
});

it("waits too long for a script", { timeout: 2_000 }, async () => {
  const script = runScript(SCRIPT);
  console.log(`pid ${script.process.pid}`);
  await script.printed("what it never prints");
});

it("fails while a Worker of its own listens", async () => {
  const { urls } = await startWorkers({
    workers: [{ name: "waits", script: "export default { fetch: () => new Response() };" }],
  });
  console.log(`port ${new URL(urls["waits"] ?? "").port}`);
  expect.fail("on purpose");
});
