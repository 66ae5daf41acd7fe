/**
 * Exit codes: nothing to complain about; something was found or failed; a usage error or unreadable input; a bug of
 * scopegate itself (`EX_SOFTWARE` of sysexits.h). A script that reads 1 as findings must not read a bug as findings.
 */
export const EXIT = { fine: 0, findings: 1, unusable: 2, bug: 70 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An error that the user can put right. Its lines are for people, and each stands alone. */
export class ExpectedError extends Error {
  readonly lines: readonly string[];

  /** @param lines a text is one line, even if it contains a line break */
  constructor(lines: string | readonly string[]) {
    super([lines].flat().join("\n"));
    this.lines = [lines].flat();
  }
}

/** The user called a command wrongly: exit code 2. */
export class UsageError extends ExpectedError {}

/** Input cannot be read or is no policy: exit code 2. The message is for people; each of its lines stands alone. */
export class InputError extends ExpectedError {}

/** A command could not do its work, for a reason that its user can act on: exit code 1. */
export class CommandError extends ExpectedError {}

/** The exit code of an expected error; `undefined` for a bug. */
export function exitCodeOf(error: unknown): ExitCode | undefined {
  if (error instanceof UsageError || error instanceof InputError) return EXIT.unusable;
  return error instanceof CommandError ? EXIT.findings : undefined;
}
