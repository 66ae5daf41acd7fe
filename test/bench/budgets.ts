import type { Samples } from "./measure.ts";
import type { HeaderCount } from "./requests.ts";
import { gatewaySamples, medianRatio } from "./rows.ts";
import type { Work } from "./works.ts";

/** What the gateway may cost: a ratio of CPU times per request. */
interface Budget {
  readonly name: string;
  readonly work: Work;
  readonly to: string;
  /** The ratio with this many headers, or what 25 headers add to the ratio with 3. */
  readonly headers: HeaderCount | "added by 25";
  readonly atMost: number;
  readonly aim: number;
}

const BUDGETS: readonly Budget[] = [
  { name: "hot token, to bare", work: "hot", to: "bare", headers: 3, atMost: 1.45, aim: 1.25 },
  { name: "hot token, to bare-headers", work: "hot", to: "bare-headers", headers: 3, atMost: 1.15, aim: 1.05 },
  { name: "1,000 tokens in turn, to bare", work: "thousand", to: "bare", headers: 3, atMost: 1.5, aim: 1.3 },
  { name: "never-seen RS256 token, to bare", work: "cold", to: "bare", headers: 3, atMost: 2.1, aim: 1.75 },
  { name: "bad signature, to bare", work: "bad-signature", to: "bare", headers: 3, atMost: 1.3, aim: 1.05 },
  { name: "no token, to bare", work: "no-token", to: "bare", headers: 3, atMost: 0.6, aim: 0.5 },
  { name: "hot token, to hono-jose", work: "hot", to: "hono-jose", headers: 3, atMost: 0.6, aim: 0.5 },
  { name: "25 headers, added ratio to bare", work: "hot", to: "bare", headers: "added by 25", atMost: 0.15, aim: 0.08 },
];

/** The gateways that must be measured for the budgets to be judged. */
export const BUDGETED = ["bare", "bare-headers", "scopegate", "hono-jose"];

/** A budget and what was measured. */
export interface Verdict {
  readonly name: string;
  readonly measured: number;
  readonly atMost: number;
  readonly aim: number;
}

/** Holds what was measured of `scopegate`, log on, against the budgets. */
export function verdicts(all: readonly Samples[]): readonly Verdict[] {
  const ratio = (work: Work, to: string, headers: HeaderCount): number => {
    const cell = { work, headers } as const;
    return medianRatio(gatewaySamples(all, "scopegate", cell), gatewaySamples(all, to, cell));
  };
  return BUDGETS.map(({ name, work, to, headers, atMost, aim }) => ({
    name,
    measured: headers === "added by 25" ? ratio(work, to, 25) - ratio(work, to, 3) : ratio(work, to, headers),
    atMost,
    aim,
  }));
}
