/** Resident memory of a process, `seconds` after the start of the run. */
export interface MemorySample {
  readonly seconds: number;
  readonly megabytes: number;
}

export interface MemoryTrend {
  readonly samples: number;
  readonly medianMegabytes: number;
  readonly peakMegabytes: number;
  /** Slope of the least-squares line through all samples. */
  readonly megabytesPerMinute: number;
  /** Rise of that line from the first sample to the last, as a share of the median. */
  readonly growth: number;
}

/** Shorter runs show only the noise of the garbage collector. */
export const MIN_TREND_SECONDS = 60;
/** The most that the line may rise over the run. A leak of 1 kB per request exceeds it. */
export const MAX_GROWTH = 0.05;
/** The most that the peak may be above the median. One large body held in memory exceeds it. */
export const MAX_PEAK_MEGABYTES = 90;

/** The trend of samples taken after the warm-up; `undefined` if they span less than `MIN_TREND_SECONDS`. */
export function memoryTrend(samples: readonly MemorySample[]): MemoryTrend | undefined {
  const span = (samples.at(-1)?.seconds ?? 0) - (samples[0]?.seconds ?? 0);
  if (span < MIN_TREND_SECONDS) return undefined;
  const sorted = samples.map(({ megabytes }) => megabytes).sort((a, b) => a - b);
  const medianMegabytes = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const slope = leastSquaresSlope(samples);
  return {
    samples: samples.length,
    medianMegabytes,
    peakMegabytes: sorted.at(-1) ?? 0,
    megabytesPerMinute: slope * 60,
    growth: (slope * span) / medianMegabytes,
  };
}

/** Whether memory stays where it was: neither a steady rise nor a peak of the size of a large body. */
export function isFlat({ growth, peakMegabytes, medianMegabytes }: MemoryTrend): boolean {
  return growth <= MAX_GROWTH && peakMegabytes - medianMegabytes <= MAX_PEAK_MEGABYTES;
}

function leastSquaresSlope(samples: readonly MemorySample[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(samples.map(({ seconds }) => seconds));
  const y = mean(samples.map(({ megabytes }) => megabytes));
  let covariance = 0;
  let variance = 0;
  for (const { seconds, megabytes } of samples) {
    covariance += (seconds - x) * (megabytes - y);
    variance += (seconds - x) ** 2;
  }
  return covariance / variance;
}
