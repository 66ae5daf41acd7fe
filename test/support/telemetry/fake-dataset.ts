import type { DataPoint, MetricsDataset } from "../../../src/telemetry/metrics.ts";

/**
 * An Analytics Engine dataset that keeps its points. It refuses what Cloudflare's would drop:
 * https://developers.cloudflare.com/analytics/analytics-engine/limits/ (November 2026).
 */
export class FakeDataset implements MetricsDataset {
  readonly points: DataPoint[] = [];

  writeDataPoint(point: DataPoint): void {
    const { indexes, blobs, doubles } = point;
    if (indexes.length !== 1) throw new Error("A data point has exactly one index.");
    if (bytesOf(indexes) > 96) throw new Error("An index has at most 96 bytes.");
    if (blobs.length > 20) throw new Error("A data point has at most 20 blobs.");
    if (bytesOf(blobs) > 16_000) throw new Error("All blobs together have at most 16 KB.");
    if (doubles.length > 20) throw new Error("A data point has at most 20 doubles.");
    if (!doubles.every(Number.isFinite)) throw new Error("A double is a finite number.");
    this.points.push(point);
  }
}

function bytesOf(texts: readonly string[]): number {
  return new TextEncoder().encode(texts.join("")).length;
}
