import { type ArgsDef, type CommandDef, runCommand as run, showUsage } from "citty";

/** A command was called wrongly: exit code 2. */
export class UsageError extends Error {}

/** A command could not do its work, for a reason its user can act upon: exit code 1. */
export class CommandError extends Error {}

/**
 * Runs a command with the process's arguments. An expected error is one line on stderr and an exit code, 1 or 2; any other is
 * thrown, with its stack. Options only: a command has no positional arguments.
 */
export async function runCommand<T extends ArgsDef>(
  command: CommandDef<T>,
  rawArgs = process.argv.slice(2),
): Promise<void> {
  if (rawArgs.includes("--help") || rawArgs.includes("-h")) return showUsage(command);
  try {
    assertOptions(rawArgs, command.args as ArgsDef | undefined);
    await run(command, { rawArgs });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUsage = error instanceof UsageError || error.name === "CLIError";
    if (!isUsage && !(error instanceof CommandError)) throw error;
    console.error(error.message);
    process.exitCode = isUsage ? 2 : 1;
  }
}

/** What citty lets pass: unknown options, options without their value, and arguments that are no options. */
function assertOptions(rawArgs: readonly string[], args: ArgsDef = {}): void {
  for (let index = 0; index < rawArgs.length; index++) {
    const arg = rawArgs[index] ?? "";
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) throw new UsageError(`Unexpected argument ${arg}; see --help.`);
    const option = Object.hasOwn(args, name) ? args[name] : undefined;
    if (option === undefined) throw new UsageError(`Unknown option --${name}; see --help.`);
    if (option.type === "boolean" || value !== undefined) continue;
    const next = rawArgs[++index];
    if (next === undefined || next.startsWith("--")) throw new UsageError(`--${name} needs a value.`);
  }
}
