import { policyOfFiles } from "../../../src/cli/console/policy-of-files.ts";
import { type ConsoleOptions, type RunningConsole, startConsole } from "../../../src/cli/console/start-console.ts";

/** A console under test. `await using` closes it. */
export interface OpenConsole extends RunningConsole, AsyncDisposable {}

/**
 * Starts the console on a free port, with the vars of the wrangler file beside the policy.
 *
 * @param policyFile a path, or `git:REV`
 * @param options what is not as in a console without a stack on a fixed day
 */
export async function openConsole(policyFile: string, options: Partial<ConsoleOptions> = {}): Promise<OpenConsole> {
  const running = await startConsole({
    policy: policyOfFiles(policyFile, options.environment),
    day: () => "2026-06-01",
    port: 0,
    portOption: "port",
    ...options,
  });
  return { ...running, [Symbol.asyncDispose]: () => running.close() };
}
