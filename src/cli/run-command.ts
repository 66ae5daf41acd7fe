import { type ArgsDef, type CommandDef, runCommand as run, showUsage } from "citty";

/** A command was called wrongly: exit code 2. */
export class UsageError extends Error {}

/** A command could not do its work, for a reason its user can act upon: exit code 1. */
export class CommandError extends Error {}

/**
 * Runs a command with the process's arguments. An expected error is one line on stderr and an exit code, 1 or 2; any other is
 * thrown, with its stack. Unknown options are errors.
 */
export async function runCommand<T extends ArgsDef>(
  command: CommandDef<T>,
  rawArgs = process.argv.slice(2),
): Promise<void> {
  if (rawArgs.includes("--help") || rawArgs.includes("-h")) return showUsage(command);
  try {
    assertKnownOptions(rawArgs, command.args as ArgsDef | undefined);
    await run(command, { rawArgs });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUsage = error instanceof UsageError || error.name === "CLIError";
    if (!isUsage && !(error instanceof CommandError)) throw error;
    console.error(error.message);
    process.exitCode = isUsage ? 2 : 1;
  }
}

function assertKnownOptions(rawArgs: readonly string[], args: ArgsDef = {}): void {
  for (const arg of rawArgs) {
    const name = /^--([^=]+)/.exec(arg)?.[1];
    if (name !== undefined && !Object.hasOwn(args, name)) throw new UsageError(`Unknown option --${name}; see --help.`);
  }
}
