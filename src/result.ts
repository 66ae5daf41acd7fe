/**
 * What a parser returns: the value, or why there is none. Every parser returns this shape, so a caller never has to
 * know which type means success. A refused request is a `Denial` instead, and a bug is thrown.
 */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

/**
 * What people read about a faulty input. Each member is one sentence: `message` says what is wrong, `hint` what to do.
 */
export interface FaultText {
  readonly message: string;
  readonly hint: string;
}

/** A result with a value. */
export function success<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** A result without a value. */
export function failure<Failure>(reason: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: reason };
}

/** A result without a value whose failure is a text for people. */
export function fault(message: string, hint: string): { readonly ok: false; readonly failure: FaultText } {
  return { ok: false, failure: { message, hint } };
}
