import { MAX_METRIC_BLOB_BYTES, MAX_METRIC_INDEX_BYTES } from "../limits.ts";
import type { Fault } from "../policy/fault.ts";
import type { Telemetry } from "../policy/policy.ts";
import type { Decision } from "./decision.ts";
import { createFailureLog } from "./failure-log.ts";
import type { Log } from "./log.ts";

/** The part of an Analytics Engine dataset that is used. */
export interface MetricsDataset {
  writeDataPoint(point: DataPoint): void;
}

/**
 * One data point. SQL knows the index as `index1`, the texts as `blob1` and so on, the numbers as `double1` and so on.
 */
export interface DataPoint {
  readonly indexes: readonly string[];
  readonly blobs: readonly string[];
  readonly doubles: readonly number[];
}

/**
 * The fault of a policy whose `metrics` is not an Analytics Engine dataset of the Worker.
 *
 * @param own names of the gateway's own bindings: none of them is a dataset
 */
export function missingMetrics(
  { metrics }: Telemetry,
  bindings: Readonly<Record<string, unknown>>,
  own: ReadonlySet<string>,
): readonly Fault[] {
  if (metrics === undefined || (!own.has(metrics) && isDataset(bindings[metrics]))) return [];
  return [
    {
      path: ["telemetry", "metrics"],
      message: `The Worker has no Analytics Engine dataset \`${metrics}\`.`,
      hint: "Add it to analytics_engine_datasets in wrangler.toml, for every environment.",
    },
  ];
}

/**
 * Makes the function that writes one data point for each decision, or `undefined` for a policy without `metrics`. It
 * waits for nothing and never throws: a dataset that fails costs its data point, and one line of the log for each
 * isolate.
 */
export function createMetrics(
  { metrics }: Telemetry,
  bindings: Readonly<Record<string, unknown>>,
  log: Log,
): ((line: Decision) => void) | undefined {
  const dataset = metrics === undefined ? undefined : bindings[metrics];
  if (!isDataset(dataset)) return undefined;
  const fail = createFailureLog(log, "metrics-failed");
  return (line) => {
    try {
      const written: unknown = dataset.writeDataPoint(dataPoint(line));
      // Cloudflare's returns nothing. Another one's promise, or the one of a call to a bound Worker, which is no
      // `Promise`, must not become an unhandled rejection.
      if (written !== undefined) Promise.resolve(written).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}

/**
 * The data point of a decision, within the limits of Analytics Engine. The order of its texts and numbers is fixed:
 * stored points keep it for three months. What a decision has not is an empty text or 0.
 */
export function dataPoint(line: Decision): DataPoint {
  const { route = "", decision, reason = "", client_id = "", upstream = "", key_source = "", version = "" } = line;
  const { duration_ms, upstream_ms = 0, status } = line;
  return {
    indexes: [cut(route, MAX_METRIC_INDEX_BYTES)],
    blobs: [route, decision, reason, client_id, upstream, key_source, version].map((it) =>
      cut(it, MAX_METRIC_BLOB_BYTES),
    ),
    doubles: [1, Math.max(0, duration_ms - upstream_ms), upstream_ms, status],
  };
}

/** A UTF-16 code unit has at most three bytes in UTF-8, so most texts need not be encoded. */
function cut(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const { read } = encoder.encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read);
}

const encoder = new TextEncoder();

function isDataset(binding: unknown): binding is MetricsDataset {
  return (
    typeof binding === "object" && binding !== null && typeof Reflect.get(binding, "writeDataPoint") === "function"
  );
}
