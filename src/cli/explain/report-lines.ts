import type { Explanation } from "../../explain/explanation.ts";

/** Until when the route only reports, and what it answers then. */
export function reportLines({ report }: Explanation): readonly string[] {
  if (report === undefined) return [];
  const { until, enforcedFrom, refusal } = report;
  const then = refusal ? `refused: ${refusal.status} ${refusal.reason}. ${refusal.answer}` : "forwarded, too.";
  return [`The route only reports until ${until}. From ${enforcedFrom} on (UTC), the request is ${then}`];
}
