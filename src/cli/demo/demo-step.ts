import type { RawResponse } from "../../local/raw-request.ts";

/** A call and its expected answer. */
export interface Step {
  readonly call: string;
  /** The answer in the words of `describeAnswer`, followed by what `note` returns. */
  readonly expected: string;
  /** Makes the call. */
  readonly send: () => Promise<RawResponse>;
  /** What else matters about the answer. */
  readonly note?: (answer: RawResponse) => string;
}
