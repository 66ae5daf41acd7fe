import { withoutTokens } from "../../telemetry/loggable.ts";
import { printErrorLines } from "../print/print-lines.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";

/** The environment variable that shows the stack of an internal error, if it is neither empty nor `0`. */
const DEBUG_VARIABLE = "SCOPEGATE_DEBUG";

/** Longest part of an error's message that is shown, in characters. A message can quote a whole file. */
const MAX_MESSAGE_LENGTH = 400;

/**
 * Prints a bug of scopegate to stderr as one line, and below it the stack if `SCOPEGATE_DEBUG` asks for it. Messages of
 * the runtime can quote their input, so nothing that looks like a token is printed.
 *
 * @returns the exit code of a bug, which no script takes for findings
 */
export function printInternalError(error: unknown): ExitCode {
  const message = withoutTokens(String(error)).replace(/\s+/g, " ").replace(/\.$/, "");
  const shown = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}...` : `${message}.`;
  const isDebug = !["", "0"].includes(process.env[DEBUG_VARIABLE] ?? "");
  const stack = isDebug && error instanceof Error ? withoutTokens(error.stack ?? "").split("\n") : [];
  const whereTo = `Please report it in the repository's issues, with the stack that ${DEBUG_VARIABLE}=1 shows.`;
  printErrorLines([`This is a bug of scopegate: ${shown} ${whereTo}`, ...stack]);
  return EXIT.bug;
}
