import { UndecidedError } from "../policy/analysis/undecided-error.ts";
import { InputError } from "./args/exit-code.ts";

/**
 * Runs a function that reasons about policies.
 *
 * @throws InputError the function gave up at a limit, so nothing is known about the policies
 */
export function decide<Result>(reason: () => Result): Result {
  try {
    return reason();
  } catch (error) {
    if (!(error instanceof UndecidedError)) throw error;
    throw new InputError(`${error.message} Nothing is known about these policies.`);
  }
}
