/**
 * What a parser returns: the value, or what is wrong. The same shape everywhere, so that no caller has to know which type
 * means success. A refusal of a request is a `Denial` instead, and a bug is thrown.
 */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

/** What is wrong with an input: `message` says what, `hint` what to do, each in one sentence. */
export interface Problem {
  readonly message: string;
  readonly hint: string;
}

/** A result that has its value. */
export function success<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** A result that has none. */
export function failure<Failure>(failed: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: failed };
}
