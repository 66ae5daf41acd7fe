import { stripVTControlCharacters } from "node:util";
import { EXIT, type ExitCode, InputError } from "../output.ts";
import type { Command } from "./command.ts";
import { formatHelp } from "./format-help.ts";
import { parseArguments } from "./parse-arguments.ts";

/** The user called a command wrongly: exit code 2. */
export class UsageError extends Error {}

/** A command could not do its work, for a reason its user can act upon: exit code 1. */
export class CommandError extends Error {}

/**
 * Runs a command with its arguments and returns the exit code. An expected error is printed to stderr, without control
 * characters: 1 for `CommandError`, 2 for `UsageError` and `InputError`. Any other error is a bug and thrown.
 */
export async function runCommand(command: Command, args: readonly string[]): Promise<ExitCode> {
  if (args.some(isHelp)) {
    console.log(formatHelp(command));
    return EXIT.fine;
  }
  try {
    const parsed = parseArguments(command, args);
    if (!parsed.ok) throw new UsageError(parsed.failure);
    return await command.run(parsed.value);
  } catch (error) {
    if (error instanceof UsageError || error instanceof InputError) return fail(error, EXIT.unusable);
    if (error instanceof CommandError) return fail(error, EXIT.findings);
    throw error;
  }
}

/** Whether an argument asks for help. It does wherever it stands, so that it can be added to any command line. */
export function isHelp(arg: string): boolean {
  return arg === "--help" || arg === "-h";
}

/** Messages quote input and the answers of others: none may steer the user's terminal. */
function fail(error: Error, exitCode: ExitCode): ExitCode {
  console.error(stripVTControlCharacters(error.message));
  return exitCode;
}
