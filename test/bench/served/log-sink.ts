/**
 * Takes the log as the platform's runtime does: each line becomes JSON, and nobody prints it. workerd's command line
 * instead formats each line for people and flushes it to its standard output, which its code asks for only there
 * (`ConsoleMode::STDOUT` of `workerd serve`; `INSPECTOR_ONLY` elsewhere).
 */
const SINK = `{
  let taken;
  const take = (...args) => void (taken = JSON.stringify(args));
  for (const level of ["debug", "error", "info", "log", "warn"]) console[level] = take;
}
`;

/** The text of a Worker's module, whose log then goes to a sink. */
export function withLogSink(script: string): string {
  return SINK + script;
}
