import type { Context } from "hono";
import * as v from "valibot";
import { problem } from "./problem.ts";

/** Part of a list: at most `limit` items (1 to 100, default 20) after the first `offset` (default 0). */
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

/** `limit` and `offset` of the query, or the 400 that refuses them. */
export function parsePage(c: Context): Page | Response {
  const result = v.safeParse(PageQuery, c.req.query());
  if (result.success) return result.output;
  return problem(c, 400, "Bad Request", "limit is a number from 1 to 100, offset a number from 0.");
}
