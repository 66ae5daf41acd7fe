import type { Denial } from "./denial.ts";
import { entryOf } from "./reasons.ts";

/** What the `type` of every problem begins with. The reason follows. */
export const PROBLEM_TYPE = "https://scopegate.dev/problems/";

/** A problem document (RFC 9457 3.1). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly required?: readonly string[];
  readonly granted?: readonly string[];
}

/** Puts problem documents into answers of another form. */
export interface Envelope {
  /** The body in place of the problem; `undefined`: the problem itself. Sets the headers of the answer that this changes. */
  enclose(problem: Problem, denial: Denial, headers: Headers): unknown;
}

/** Everything that an answer needs besides the reason. */
export interface AnswerContext {
  /** The request id. */
  readonly instance: string;
  /** Headers that belong to the reason: `allow`, `www-authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `scope-insufficient`: full names. */
  readonly scopes?: { readonly required: readonly string[]; readonly granted: readonly string[] };
  readonly envelope?: Envelope | undefined;
}

/**
 * A refusal as `application/problem+json` (RFC 9457 3). Nobody may cache it: the caller's next token may be a better
 * one. The response tells the denial's reason and the time to wait, never its `detail`.
 */
export function problemResponse(denial: Denial, { instance, headers, scopes, envelope }: AnswerContext): Response {
  const { status, title, detail } = entryOf(denial);
  const problem: Problem = {
    type: PROBLEM_TYPE + denial.reason,
    title,
    status,
    detail,
    instance,
    ...scopes,
  };
  const fields = new Headers(COMMON_FIELDS);
  fields.set("x-request-id", instance);
  for (const [name, value] of Object.entries(headers ?? {})) fields.set(name, value);
  if (denial.retryAfterSeconds !== undefined) fields.set("retry-after", String(denial.retryAfterSeconds));
  return new Response(JSON.stringify(envelope?.enclose(problem, denial, fields) ?? problem), {
    status,
    headers: fields,
  });
}

/** Each answer copies it: that is cheaper than an object of names and values, each of which the runtime would check. */
const COMMON_FIELDS = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
