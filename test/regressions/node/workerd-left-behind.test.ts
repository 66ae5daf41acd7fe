import { join } from "node:path";
import { expect, it } from "vitest";
import { isRunning } from "../../support/cli/process-groups.ts";
import { runScript } from "../../support/cli/run-script.ts";
import { eventually } from "../../support/e2e/wait.ts";

const SCRIPT = join(import.meta.dirname, "bench-that-waits.ts");

const isWindows = process.platform === "win32";

/**
 * A bench that was interrupted left its workerd processes behind, and they took time from the next bench. On Windows,
 * no program can catch these signals.
 */
it.skipIf(isWindows).each(["SIGINT", "SIGTERM"] as const)(
  "a bench that ends by %s leaves no workerd behind",
  async (signal) => {
    const script = runScript(SCRIPT);
    await script.printed("workerd ");
    script.process.kill(signal);
    const { stdout } = await script.finished;
    const pid = Number(/workerd (\d+)/.exec(stdout)?.[1]);
    expect(pid).toBeGreaterThan(0);
    expect(await eventually("an end of workerd", () => (isRunning(pid) ? undefined : true))).toBe(true);
  },
);
