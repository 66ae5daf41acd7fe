import { WORKLOADS, type Workload } from "../load/workloads.ts";
import type { Samples } from "../measure.ts";
import { gatewaySamples, ratioSpread, type Spread } from "./results.ts";

/** A bound on the cost of the gateway: a ratio of CPU times per request. */
interface Budget {
  readonly workload: Workload;
  /** The gateway that it is compared with. */
  readonly to: string;
  readonly atMost: number;
}

/** The least that a team would write by hand, and what a careful one would. Neither remembers a verified token. */
const BUDGETS: readonly Budget[] = [
  { workload: "hot", to: "hono-jose", atMost: 0.9 },
  { workload: "cold", to: "hono-jose", atMost: 1.05 },
  { workload: "bad-signature", to: "hono-jose", atMost: 1.05 },
  { workload: "no-token", to: "hono-jose", atMost: 1.1 },
  ...WORKLOADS.map((workload) => ({ workload, to: "hono-jose-careful", atMost: 0.95 })),
];

/** What 25 headers may add to the ratio to `bare` with 3 headers, for a hot token. */
const FURTHER_HEADERS_AT_MOST = 0.15;

/** The budgets can be checked only if these gateways are measured. */
export const BUDGETED = ["bare", "scopegate", "hono-jose", "hono-jose-careful"];

/** A budget and the measured ratio. */
export interface Verdict {
  readonly workload: string;
  readonly to: string;
  readonly measured: Spread;
  readonly atMost: number;
}

/** Compares the figures of `scopegate`, whose log is taken and not printed, with the budgets. */
export function verdicts(all: readonly Samples[]): readonly Verdict[] {
  const ratios = (workload: Workload, to: string, headers: 3 | 25): Spread => {
    const work = { workload, headers } as const;
    return ratioSpread(gatewaySamples(all, "scopegate", work), gatewaySamples(all, to, work));
  };
  return [
    ...BUDGETS.map(({ workload, to, atMost }) => ({ workload, to, measured: ratios(workload, to, 3), atMost })),
    {
      workload: "hot, added by 25 headers",
      to: "bare",
      measured: added(ratios("hot", "bare", 25), ratios("hot", "bare", 3)),
      atMost: FURTHER_HEADERS_AT_MOST,
    },
  ];
}

/** The two were measured in other blocks, so the range is that of the first around its middle. */
function added(more: Spread, less: Spread): Spread {
  return { p10: more.p10 - less.p50, p50: more.p50 - less.p50, p90: more.p90 - less.p50 };
}
