import type { Context } from "hono";
import * as v from "valibot";
import { type BodyFault, problem } from "./problem.ts";

/**
 * The request's JSON body as the schema returns it, or the response that refuses it: 415 for another media type, 400
 * for a body that is not JSON or does not fit the schema, with all faults. The size of the body is not checked.
 */
export async function parseBody<T extends v.GenericSchema>(
  c: Context,
  schema: T,
): Promise<v.InferOutput<T> | Response> {
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(c.req.header("content-type") ?? "")) {
    return problem(c, 415, "Unsupported Media Type", "Send application/json.");
  }
  let body: unknown;
  try {
    body = await c.req.json();
  } catch {
    return problem(c, 400, "Bad Request", "The body is not JSON.");
  }
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  return problem(c, 400, "Bad Request", "The body is not valid.", result.issues.map(bodyFault));
}

function bodyFault(issue: v.BaseIssue<unknown>): BodyFault {
  const steps = (issue.path ?? []).map(({ key }) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`);
  return { pointer: steps.join(""), detail: issue.message };
}
