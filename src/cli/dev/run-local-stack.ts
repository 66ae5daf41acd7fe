import { join, relative } from "node:path";
import type { StackWorker } from "../../local/addresses.ts";
import { isBuildFailure } from "../../local/bundle.ts";
import { PortInUseError, type Stack, type StackOptions, startStack } from "../../local/stack.ts";
import { CommandError } from "../args/exit-code.ts";
import { ROUTES_FILE, readLocalVars, WRANGLER_FILE } from "../policy-file/local-vars.ts";
import { reportPolicy } from "../policy-report.ts";
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
      onLog: (log) => console.log(formatLog(log)),
      onRebuild: reportRebuild,
    },
    portOptions,
  );
  console.log(formatWelcome(stack));
  await report(stack.vars);
}

async function start(options: StackOptions, portOptions: Readonly<Record<StackWorker, string>>): Promise<Stack> {
  try {
    return await startStack(options);
  } catch (error) {
    if (error instanceof PortInUseError) {
      throw new CommandError(`${error.message} Choose another with --${portOptions[error.worker]}.`);
    }
    if (isBuildFailure(error)) throw new CommandError(error.message);
    throw error;
  }
}

async function reportRebuild(errors: readonly string[], vars: Stack["vars"]): Promise<void> {
  for (const error of errors) console.error(error);
  if (errors.length > 0) return console.error("Not reloaded: the gateway still serves the version before this change.");
  console.log("Reloaded.");
  await report(vars);
}

async function report(vars: Stack["vars"]): Promise<void> {
  for (const line of await reportPolicy(relative(process.cwd(), ROUTES_FILE), vars)) console.error(line);
}
