/**
 * `formula-too-complex`: requirements are nested in too many ways. `too-many-path-classes`: path patterns overlap in
 * too many ways.
 */
export type UndecidedCode = "formula-too-complex" | "too-many-path-classes";

/**
 * The reasoning gave up at a limit of `limits.ts`, because an answer would take too long. It found neither a proof nor
 * a counterexample, so callers must not treat anything as proven.
 */
export class UndecidedError extends Error {
  readonly code: UndecidedCode;

  constructor(code: UndecidedCode, message: string) {
    super(message);
    this.code = code;
  }
}
