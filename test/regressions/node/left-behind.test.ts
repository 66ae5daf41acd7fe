import { join } from "node:path";
import { expect, it } from "vitest";
import { isPortFree } from "../../../src/local/ports.ts";
import { isRunning } from "../../support/cli/process-groups.ts";
import { runScript } from "../../support/cli/run-script.ts";
import { eventually } from "../../support/e2e/wait.ts";
import { ROOT } from "../../support/project/project-files.ts";

const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");
const CONFIG = join(import.meta.dirname, "left-behind.config.ts");

/** A test that failed left its local stack running. It held the ports, and took time from every later test. */
it("tests that fail or time out leave no process and no open port behind", { timeout: 60_000 }, async () => {
  const { exitCode, stdout } = await runScript(VITEST, ["run", "--config", CONFIG], ROOT).finished;
  expect(exitCode).toBe(1);
  expect(stdout).toContain("3 failed");

  const found = (what: string) =>
    Array.from(stdout.matchAll(new RegExp(`${what} (\\d+)$`, "gm")), ([, it]) => Number(it));
  const [pids, ports] = [found("pid"), found("port")];
  expect([pids.length, ports.length]).toEqual([3, 1]);
  for (const pid of pids) await eventually(`an end of process ${pid}`, () => (isRunning(pid) ? undefined : true));
  for (const port of ports) expect(await isPortFree(port)).toBe(true);
});
