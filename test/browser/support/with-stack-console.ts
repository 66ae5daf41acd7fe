import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { lineRing } from "../../../src/cli/console/live/line-ring.ts";
import { policyOfFiles } from "../../../src/cli/console/policy-of-files.ts";
import { type RunningConsole, startConsole } from "../../../src/cli/console/start-console.ts";
import type { StackView } from "../../../src/cli/console/view/stack-view.ts";
import type { WorkerLog } from "../../../src/local/worker-logs.ts";
import { stackView } from "../../support/console/view-context.ts";
import { policyFile } from "../../support/policy/policy-file.ts";

/** A console beside a stack whose lines a test writes. */
export interface StackConsole {
  readonly url: string;
  readonly add: (log: WorkerLog) => void;
  /** Writes the policy's file: a valid policy, or this text. */
  readonly writePolicy: (text?: string) => void;
  /** Closes the console and opens it again at the same address, with the same lines. */
  readonly restart: () => Promise<void>;
}

/** Consoles that close after all tests of a file: pages that are still open would miss them. */
export function withStackConsole(): { readonly start: (changes?: Partial<StackView>) => Promise<StackConsole> } {
  const cleanups: (() => void | Promise<void>)[] = [];
  afterAll(async () => {
    for (const cleanup of cleanups) await cleanup();
  });
  return {
    async start(changes = {}) {
      const folder = mkdtempSync(join(tmpdir(), "console-"));
      cleanups.push(() => rmSync(folder, { recursive: true }));
      const file = join(folder, "routes.json");
      const writePolicy = (text = JSON.stringify(policyFile())) => writeFileSync(file, text);
      writePolicy();
      const ring = lineRing();
      const stack = stackView(ring, changes);
      const open = (port: number): Promise<RunningConsole> =>
        startConsole({
          policy: policyOfFiles(file, undefined),
          day: () => "2026-11-28",
          port,
          portOption: "port",
          stack,
        });
      let running = await open(0);
      cleanups.push(() => running.close());
      return {
        url: running.url,
        writePolicy,
        add: (log) => ring.add(log, Date.UTC(2026, 10, 28, 15)),
        async restart() {
          await running.close();
          await new Promise((resolve) => setTimeout(resolve, 500));
          running = await open(Number(new URL(running.url).port));
        },
      };
    },
  };
}
