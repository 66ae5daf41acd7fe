import { printErrorLines, printLines } from "../print/print-lines.ts";
import type { Command } from "./command.ts";
import { EXIT, type ExitCode, ExpectedError, exitCodeOf, UsageError } from "./exit-code.ts";
import { formatHelp } from "./format-help.ts";
import { parseArguments } from "./parse-arguments.ts";

/**
 * Runs a command with its arguments and returns the exit code. An expected error is printed to stderr, without control
 * characters. Any other error is a bug and thrown.
 */
export async function runCommand(command: Command, args: readonly string[]): Promise<ExitCode> {
  if (args.some(isHelp)) {
    printLines(formatHelp(command).split("\n"));
    return EXIT.fine;
  }
  try {
    const parsed = parseArguments(command, args);
    if (!parsed.ok) throw new UsageError(parsed.failure);
    return await command.run(parsed.value);
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode === undefined) throw error;
    printErrorLines(error instanceof ExpectedError ? error.lines : []);
    return exitCode;
  }
}

/** Whether an argument asks for help. Its place does not matter, so people can append it to any command line. */
export function isHelp(arg: string): boolean {
  return arg === "--help" || arg === "-h";
}
