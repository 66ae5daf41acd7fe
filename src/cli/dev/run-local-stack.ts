import { join, relative } from "node:path";
import type { StackWorker } from "../../local/addresses.ts";
import { isBuildFailure } from "../../local/bundle.ts";
import { PortInUseError, type Stack, type StackOptions, startStack } from "../../local/stack.ts";
import { CommandError } from "../args/exit-code.ts";
import { ROUTES_FILE, readLocalVars, WRANGLER_FILE } from "../policy-file/local-vars.ts";
import { reportPolicy } from "../policy-report.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";
import { formatLog } from "./format-log.ts";
import { formatWelcome } from "./format-welcome.ts";

const STATE_DIRECTORY = join(import.meta.dirname, "../../../.wrangler/state/local");

/**
 * Starts the local stack, prints its addresses and the faults of the policy, and then prints each decision. The stack
 * reloads if `routes.json`, `wrangler.toml` or a source changes. Throws `CommandError` if the stack cannot start. Once
 * it has started, its Workers keep the process alive.
 *
 * @param portOptions the option that sets each Worker's port, for the message that a port is in use
 */
export async function runLocalStack(
  ports: StackOptions["ports"],
  portOptions: Readonly<Record<StackWorker, string>>,
): Promise<void> {
  const stack = await start(
    {
      ports,
      persist: STATE_DIRECTORY,
      readVars: readLocalVars,
      watch: [WRANGLER_FILE],
      onLog: (log) => printLines(formatLog(log)),
      onRebuild: reportRebuild,
    },
    portOptions,
  );
  printLines(formatWelcome(stack).split("\n"));
  await report(stack.vars);
}

async function start(options: StackOptions, portOptions: Readonly<Record<StackWorker, string>>): Promise<Stack> {
  try {
    return await startStack(options);
  } catch (error) {
    if (error instanceof PortInUseError) {
      throw new CommandError(`${error.message} Choose another with --${portOptions[error.worker]}.`);
    }
    if (isBuildFailure(error)) throw new CommandError(error.message.split("\n"));
    throw error;
  }
}

async function reportRebuild(errors: readonly string[], vars: Stack["vars"]): Promise<void> {
  for (const error of errors) printErrorLines(error.split("\n"));
  if (errors.length > 0) {
    return printErrorLines(["Not reloaded: the gateway still serves the version before this change."]);
  }
  printLines(["Reloaded."]);
  await report(vars);
}

async function report(vars: Stack["vars"]): Promise<void> {
  for (const line of await reportPolicy(relative(process.cwd(), ROUTES_FILE), vars)) printErrorLines([line]);
}
