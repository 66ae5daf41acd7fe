import { stripVTControlCharacters } from "node:util";
import { type ArgsDef, type CommandDef, type CommandMeta, runCommand as run } from "citty";
import { InputError } from "../output.ts";
import { argumentFault } from "./argument-fault.ts";
import { formatHelp } from "./format-help.ts";

/** A command was called wrongly: exit code 2. */
export class UsageError extends Error {}

/** A command could not do its work, for a reason its user can act upon: exit code 1. */
export class CommandError extends Error {}

/**
 * Runs the command of an npm script of the same name with the process's arguments. An expected error is one line on
 * stderr and an exit code: 1 for `CommandError`, 2 for `UsageError` and `InputError`. Any other is thrown, with its
 * stack.
 */
export async function runCommand<T extends ArgsDef>(
  command: CommandDef<T>,
  rawArgs = process.argv.slice(2),
): Promise<void> {
  const { name = "" } = (command.meta ?? {}) as CommandMeta;
  if (rawArgs.includes("--help") || rawArgs.includes("-h")) {
    console.log(await formatHelp(command, `npm run ${name} --`));
    return;
  }
  try {
    const fault = argumentFault(rawArgs, { name, args: (command.args ?? {}) as ArgsDef });
    if (fault !== undefined) throw new UsageError(fault);
    await run(command, { rawArgs });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUnusable = error instanceof UsageError || error instanceof InputError || error.name === "CLIError";
    if (!isUnusable && !(error instanceof CommandError)) throw error;
    console.error(stripVTControlCharacters(error.message));
    process.exitCode = isUnusable ? 2 : 1;
  }
}
