import { FormulaTooComplexError } from "../policy/analysis/formula.ts";
import { TooManyPathClassesError } from "../policy/analysis/path-classes.ts";
import { InputError } from "./output.ts";

/** Runs what reasons about policies; one that is too entangled to be decided is input that cannot be used. */
export function decide<Result>(reason: () => Result): Result {
  try {
    return reason();
  } catch (error) {
    const isUndecided = error instanceof TooManyPathClassesError || error instanceof FormulaTooComplexError;
    throw isUndecided ? new InputError(`${error.message} Nothing is known about these policies.`) : error;
  }
}
