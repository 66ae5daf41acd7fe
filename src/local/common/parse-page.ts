import type { Context } from "hono";
import * as v from "valibot";
import { problem } from "./problem.ts";

/** A part of a list: it skips `offset` items (default 0) and has at most `limit` items (1 to 100, default 20). */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

const integer = (fallback: string) =>
  v.pipe(v.optional(v.string(), fallback), v.regex(/^\d{1,9}$/), v.transform(Number));

const PageQuery = v.object({
  limit: v.pipe(integer("20"), v.minValue(1), v.maxValue(100)),
  offset: integer("0"),
});

/** The `limit` and `offset` of the query, or the 400 response that refuses them. */
export function parsePage(c: Context): Page | Response {
  const result = v.safeParse(PageQuery, c.req.query());
  if (result.success) return result.output;
  return problem(c, 400, "Bad Request", "limit must be a number from 1 to 100, and offset a number from 0.");
}
