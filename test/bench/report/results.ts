import type { Samples, Work } from "../measure.ts";

/** The middle of many values, and the range that eight of ten are in. */
export interface Spread {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** One line of the report and of `--json`. */
export interface BenchResult {
  readonly gateway: string;
  readonly work: string;
  readonly headers: number;
  /** How many blocks were measured. */
  readonly blocks: number;
  /** CPU time of the gateway's processes per request, in microseconds: median of the blocks. */
  readonly cpu_us: number;
  /** The blocks' ratios to `bare` with the same work in the same block: median. */
  readonly ratio_to_bare: number;
  readonly ratio_to_bare_p10: number;
  readonly ratio_to_bare_p90: number;
  /** Requests per second at saturation: median of the blocks. */
  readonly rps: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
  /** Resident memory after the last round, in MB. */
  readonly rss_mb: number;
}

/** Summarizes samples, in their order. */
export function resultsOf(all: readonly Samples[]): readonly BenchResult[] {
  return all.map((samples) => {
    const ratio = ratioSpread(samples, gatewaySamples(all, "bare", samples));
    return {
      gateway: samples.gateway,
      work: samples.workload,
      headers: samples.headers,
      blocks: samples.cpuMicroseconds.length,
      cpu_us: rounded(median(samples.cpuMicroseconds), 1),
      ratio_to_bare: rounded(ratio.p50, 3),
      ratio_to_bare_p10: rounded(ratio.p10, 3),
      ratio_to_bare_p90: rounded(ratio.p90, 3),
      rps: rounded(median(samples.requestsPerSecond), 0),
      p50_ms: rounded(quantile(samples.latenciesMs, 0.5), 2),
      p99_ms: rounded(quantile(samples.latenciesMs, 0.99), 2),
      max_ms: rounded(quantile(samples.latenciesMs, 1), 2),
      rss_mb: rounded(samples.residentMegabytes.at(-1) ?? Number.NaN, 1),
    };
  });
}

/** The samples of a gateway with a work. Throws if there are none. */
export function gatewaySamples(all: readonly Samples[], gateway: string, { workload, headers }: Work): Samples {
  const found = all.find((one) => one.gateway === gateway && one.workload === workload && one.headers === headers);
  if (found === undefined) throw new Error(`${gateway} was not measured with ${workload} and ${headers} headers`);
  return found;
}

/** The ratio of CPU times in each block, where the two took their turns one after the other. */
export function ratioSpread(samples: Samples, base: Samples): Spread {
  return spread(samples.cpuMicroseconds.map((value, block) => value / (base.cpuMicroseconds[block] ?? Number.NaN)));
}

/** All `NaN` for an empty list. */
export function spread(values: readonly number[]): Spread {
  return { p10: quantile(values, 0.1), p50: median(values), p90: quantile(values, 0.9) };
}

/** The middle value, or the mean of the two in the middle; `NaN` for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}

/** The least value that is not below so great a share of all; `NaN` for an empty list. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
