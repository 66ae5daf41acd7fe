import type { Cell, Samples } from "../measure.ts";

/** One line of the report and of `--json`. */
export interface BenchResult {
  readonly gateway: string;
  readonly work: string;
  readonly headers: number;
  /** CPU time of the gateway's processes per request, in microseconds: median of the rounds. */
  readonly cpu_us: number;
  /** Median of the rounds' ratios to `bare` under the same workload and headers in the same round. */
  readonly ratio_to_bare: number;
  /** Requests per second at saturation: median of the rounds. */
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
    const latencies = samples.latenciesMs.toSorted((a, b) => a - b);
    return {
      gateway: samples.gateway,
      work: samples.workload,
      headers: samples.headers,
      cpu_us: rounded(median(samples.cpuMicroseconds), 1),
      ratio_to_bare: rounded(medianRatio(samples, gatewaySamples(all, "bare", samples)), 3),
      rps: rounded(median(samples.requestsPerSecond), 0),
      p50_ms: rounded(quantile(latencies, 0.5), 2),
      p99_ms: rounded(quantile(latencies, 0.99), 2),
      max_ms: rounded(latencies.at(-1) ?? Number.NaN, 2),
      rss_mb: rounded(samples.residentMegabytes.at(-1) ?? Number.NaN, 1),
    };
  });
}

/** The samples of a gateway for a workload and a number of headers. Throws if there are none. */
export function gatewaySamples(all: readonly Samples[], gateway: string, cell: Omit<Cell, "gateway">): Samples {
  const found = all.find((s) => s.gateway === gateway && s.workload === cell.workload && s.headers === cell.headers);
  if (found === undefined)
    throw new Error(`${gateway} was not measured with ${cell.workload} and ${cell.headers} headers`);
  return found;
}

/** Median over the rounds of the ratio of CPU times: the two were measured one after the other. */
export function medianRatio(samples: Samples, base: Samples): number {
  return median(samples.cpuMicroseconds.map((value, round) => value / (base.cpuMicroseconds[round] ?? Number.NaN)));
}

/** The middle value, or the mean of the two in the middle; `NaN` for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
