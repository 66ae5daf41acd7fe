import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { DataPoint } from "../../../src/telemetry/metrics.ts";

/** A data point as Analytics Engine stores it. */
export interface StoredPoint {
  readonly point: DataPoint;
  readonly atSeconds: number;
  readonly sampleInterval: number;
}

/**
 * Runs a query of Analytics Engine's dialect on SQLite, as far as the guide uses it. What SQLite lacks is added under
 * the same name; times are seconds. So it tells whether a query names real columns and means what it should, and not
 * that Cloudflare accepts it.
 */
export function runAnalyticsSql(query: string, points: readonly StoredPoint[], nowSeconds: number): readonly object[] {
  const database = new DatabaseSync(":memory:");
  try {
    const columns = ["timestamp", "_sample_interval", "index1", ...numbered("blob"), ...numbered("double")];
    database.exec(`CREATE TABLE scopegate (${columns.join(", ")})`);
    const insert = database.prepare(`INSERT INTO scopegate VALUES (${columns.map(() => "?").join(", ")})`);
    for (const { point, atSeconds, sampleInterval } of points) {
      const { indexes, blobs, doubles } = point;
      insert.run(atSeconds, sampleInterval, indexes[0] ?? "", ...padded(blobs, ""), ...padded(doubles, 0));
    }
    database.function("toUInt32", (seconds) => Number(seconds));
    database.function("intDiv", (dividend, divisor) => Math.trunc(Number(dividend) / Number(divisor)));
    database.aggregate("sumIf", {
      start: 0,
      step: (sum: number, value: SQLInputValue, condition: SQLInputValue) => (condition ? sum + Number(value) : sum),
    });
    database.aggregate("quantileExactWeighted", {
      start: "[]",
      step: (seen: string, level: SQLInputValue, value: SQLInputValue, weight: SQLInputValue) =>
        JSON.stringify([...JSON.parse(seen), [level, value, weight].map(Number)]),
      result: (seen: string) => quantile(JSON.parse(seen)),
    });
    return database.prepare(inSqlite(query, nowSeconds)).all();
  } finally {
    database.close();
  }
}

function inSqlite(query: string, nowSeconds: number): string {
  return query
    .replaceAll("NOW()", String(nowSeconds))
    .replace(/INTERVAL '(\d+)' DAY/g, (_, days) => String(Number(days) * 86_400))
    .replace(/(quantileExactWeighted)\(([\d.]+)\)\(/g, "$1($2, ")
    .replace(/sumIf\((.*?)\) \//g, "1.0 * sumIf($1) /");
}

function quantile(seen: readonly (readonly [level: number, value: number, weight: number])[]): number {
  const sorted = seen.toSorted(([, a], [, b]) => a - b);
  const [level = 0] = sorted[0] ?? [];
  let left = level * sorted.reduce((sum, [, , weight]) => sum + weight, 0);
  for (const [, value, weight] of sorted) {
    left -= weight;
    if (left <= 0) return value;
  }
  return Number.NaN;
}

function numbered(name: string): readonly string[] {
  return Array.from({ length: 20 }, (_, index) => `${name}${index + 1}`);
}

function padded<Value>(values: readonly Value[], filler: Value): readonly Value[] {
  return Array.from({ length: 20 }, (_, index) => values[index] ?? filler);
}
