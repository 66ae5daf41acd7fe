/** Starts programs for tests so that none outlives its test file, whether the tests pass, fail or time out. */
import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { afterAll } from "vitest";

const started = new Set<ChildProcess>();
const hasGroups = process.platform !== "win32";

afterAll(killAll);
// If vitest stops this process before its hooks have run, the exit is the last chance. A signal alone would skip it.
process.once("exit", killAll);
process.once("SIGTERM", () => process.exit(143));

/** Starts a program in a process group of its own. After the tests of the file, the whole group is killed. */
export function spawnInGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: hasGroups });
  started.add(child);
  return child;
}

/** Whether a process with this id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function killAll(): void {
  for (const { pid } of started) if (pid !== undefined) killGroup(pid);
  started.clear();
}

/**
 * Kills a process and its descendants. Descendants are found even if the process itself has ended, except on Windows.
 */
function killGroup(pid: number): void {
  if (!hasGroups) {
    spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"]);
    return;
  }
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of them have ended, which is the usual case.
  }
}
