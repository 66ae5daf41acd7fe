/** How long a command works in silence. */
const QUIET_MS = 2_000;
/** Moves to the start of the line and erases it (ECMA-48). */
const ERASE = "\r\u001b[K";

/** Where progress is shown, and the time. */
export interface Screen {
  readonly stream: Pick<NodeJS.WriteStream, "isTTY" | "write">;
  /** In milliseconds. */
  readonly now: () => number;
}

const STDERR: Screen = { stream: process.stderr, now: Date.now };

/**
 * Runs something that may take long. After two seconds, a line on stderr names the current step. The line is erased at
 * the end, also after an error, so run only what comes before the output. If stderr is no terminal, nothing is shown.
 *
 * @param run is given a function that takes the name of the current step; a name must contain no control characters
 */
export async function withProgress<Result>(
  run: (onStep: (step: string) => void) => Result | Promise<Result>,
  { stream, now }: Screen = STDERR,
): Promise<Result> {
  if (!stream.isTTY) return await run(() => {});
  const start = now();
  let shown: string | undefined;
  try {
    return await run((step) => {
      if (step === shown || now() - start < QUIET_MS) return;
      stream.write(`${ERASE}${step} ...`);
      shown = step;
    });
  } finally {
    if (shown !== undefined) stream.write(ERASE);
  }
}
