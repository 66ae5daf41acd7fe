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
  /** What the answer has in place of the problem; `undefined`: the problem itself. */
  enclose(problem: Problem, denial: Denial): Enclosed | undefined;
}

/** A body that has a problem inside. */
export interface Enclosed {
  readonly contentType: string;
  /** As a JSON value. */
  readonly body: unknown;
}

/** Everything that an answer needs besides the reason. */
export interface AnswerContext {
  /** The request id. */
  readonly instance: string;
  /** The value of `WWW-Authenticate`. */
  readonly challenge?: string | undefined;
  /** Other headers that belong to the reason: `allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `scope-insufficient`: full names. */
  readonly scopes?: { readonly required: readonly string[]; readonly granted: readonly string[] };
  readonly envelope?: Envelope | undefined;
}

/**
 * A refusal as `application/problem+json` (RFC 9457 3). Nobody may cache it: the caller's next token may be a better
 * one. The response tells the denial's reason and the time to wait, never its `detail`.
 */
export function problemResponse(
  denial: Denial,
  { instance, challenge, headers = {}, scopes, envelope }: AnswerContext,
): Response {
  const { status, title, detail } = entryOf(denial);
  const problem: Problem = {
    type: typeOf(denial.reason),
    title,
    status,
    detail,
    instance,
    ...scopes,
  };
  const enclosed = envelope?.enclose(problem, denial);
  const response = new Response(JSON.stringify(enclosed?.body ?? problem), blankOf(status));
  const fields = response.headers;
  fields.set("x-request-id", instance);
  if (enclosed !== undefined) fields.set("content-type", enclosed.contentType);
  if (challenge !== undefined) fields.set("www-authenticate", challenge);
  for (const [name, value] of Object.entries(headers)) fields.set(name, value);
  if (denial.retryAfterSeconds !== undefined) fields.set("retry-after", String(denial.retryAfterSeconds));
  return response;
}

/** In one piece: JSON of a text that was put together takes another way through V8, at twice the cost. */
const TYPES = new Map<Denial["reason"], string>();

function typeOf(reason: Denial["reason"]): string {
  let type = TYPES.get(reason);
  if (type === undefined) {
    type = [PROBLEM_TYPE, reason].join("");
    TYPES.set(reason, type);
  }
  return type;
}

/** Kept for each status, not for each reason: one reason of messages can have several statuses. */
const BLANKS = new Map<number, Response>();

/** What all answers with a status have. To copy it is cheaper than to give the runtime names and values to check. */
function blankOf(status: number): Response {
  let blank = BLANKS.get(status);
  if (blank === undefined) {
    const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
    blank = new Response(null, { status, headers });
    BLANKS.set(status, blank);
  }
  return blank;
}
