import type { Samples } from "../measure.ts";
import type { HeaderCount } from "../requests.ts";
import type { Workload } from "../workloads.ts";
import { gatewaySamples, medianRatio } from "./results.ts";

/** A bound on the cost of the gateway: a ratio of CPU times per request. */
interface Budget {
  readonly name: string;
  readonly workload: Workload;
  readonly to: string;
  /** The ratio with this many headers, or what 25 headers add to the ratio with 3. */
  readonly headers: HeaderCount | "added by 25";
  readonly atMost: number;
  readonly aim: number;
}

const BUDGETS: readonly Budget[] = [
  { name: "hot token, to bare", workload: "hot", to: "bare", headers: 3, atMost: 1.45, aim: 1.25 },
  { name: "hot token, to bare-headers", workload: "hot", to: "bare-headers", headers: 3, atMost: 1.15, aim: 1.05 },
  { name: "1,000 tokens in turn, to bare", workload: "thousand", to: "bare", headers: 3, atMost: 1.5, aim: 1.3 },
  { name: "never-seen RS256 token, to bare", workload: "cold", to: "bare", headers: 3, atMost: 2.1, aim: 1.75 },
  { name: "bad signature, to bare", workload: "bad-signature", to: "bare", headers: 3, atMost: 1.3, aim: 1.05 },
  { name: "no token, to bare", workload: "no-token", to: "bare", headers: 3, atMost: 0.6, aim: 0.5 },
  { name: "hot token, to hono-jose", workload: "hot", to: "hono-jose", headers: 3, atMost: 0.6, aim: 0.5 },
  {
    name: "25 headers, added ratio to bare",
    workload: "hot",
    to: "bare",
    headers: "added by 25",
    atMost: 0.15,
    aim: 0.08,
  },
];

/** The budgets can be checked only if these gateways are measured. */
export const BUDGETED = ["bare", "bare-headers", "scopegate", "hono-jose"];

/** A budget and the measured ratio. */
export interface Verdict {
  readonly name: string;
  readonly measured: number;
  readonly atMost: number;
  readonly aim: number;
}

/** Compares the figures of `scopegate`, with its log on, with the budgets. */
export function verdicts(all: readonly Samples[]): readonly Verdict[] {
  const ratio = (workload: Workload, to: string, headers: HeaderCount): number => {
    const cell = { workload, headers } as const;
    return medianRatio(gatewaySamples(all, "scopegate", cell), gatewaySamples(all, to, cell));
  };
  return BUDGETS.map(({ name, workload, to, headers, atMost, aim }) => ({
    name,
    measured:
      headers === "added by 25" ? ratio(workload, to, 25) - ratio(workload, to, 3) : ratio(workload, to, headers),
    atMost,
    aim,
  }));
}
