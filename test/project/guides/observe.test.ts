import { describe, expect, it } from "vitest";
import type { Decision } from "../../../src/telemetry/decision.ts";
import { dataPoint } from "../../../src/telemetry/metrics.ts";
import { runAnalyticsSql, type StoredPoint } from "../../support/log/analytics-sql.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile, tableRows } from "../../support/project/project-files.ts";
import { decisionLine } from "../../support/telemetry/decision-line.ts";

const GUIDE = projectFile("docs/guides/observe.md");
const NOW_SECONDS = 1_800_000_000;
const DAY_SECONDS = 86_400;

function stored(changes: Partial<Decision>, daysAgo = 0.5, sampleInterval = 1): StoredPoint {
  return { point: dataPoint(decisionLine(changes)), atSeconds: NOW_SECONDS - daysAgo * DAY_SECONDS, sampleInterval };
}

const DENIED = { decision: "deny", reason: "scope-insufficient", status: 403, upstream_ms: undefined } as const;
const FAILED = { decision: "error", reason: "upstream-timeout", status: 504, version: "version-2" } as const;
const POINTS = [
  ...Array.from({ length: 99 }, (_, index) => stored({ duration_ms: index + 3, upstream_ms: index + 1 })),
  stored({ client_id: "batch", duration_ms: 5_050, upstream_ms: 5_000 }, 0.25),
  stored({ ...DENIED, client_id: "other" }, 0.5, 10),
  stored({ ...DENIED, client_id: undefined, reason: "credentials-missing" }),
  stored({ ...FAILED, route: "/carts" }),
  stored({ client_id: "old" }, 30),
];

describe("the questions of the guide", () => {
  const queries = codeBlocks(GUIDE)
    .map(({ text }) => text)
    .filter((text) => text.startsWith("SELECT"));
  const answers = (index: number) => runAnalyticsSql(queries[index] ?? "", POINTS, NOW_SECONDS);

  it("are five", () => {
    expect(queries).toHaveLength(5);
  });

  it("tell which routes are busy, and what becomes of their requests", () => {
    expect(answers(0)).toEqual([
      { route: "/orders/:id", requests: 111, refused: 11, failed: 0 },
      { route: "/carts", requests: 1, refused: 0, failed: 1 },
    ]);
  });

  it("tell which clients are refused, where and why", () => {
    expect(answers(1)).toEqual([{ client: "other", route: "/orders/:id", reason: "scope-insufficient", requests: 10 }]);
  });

  it("tell how long upstreams take, and what the gateway adds", () => {
    expect(answers(2)).toEqual([
      { upstream: "orders", upstream_median_ms: 50, upstream_p99_ms: 99, gateway_p99_ms: 2 },
    ]);
  });

  it("compare versions", () => {
    expect(answers(3)).toEqual([
      { version: "version-1", requests: 111, refused_share: 11 / 111, failed_share: 0 },
      { version: "version-2", requests: 1, refused_share: 0, failed_share: 1 },
    ]);
  });

  it("tell who still calls a route", () => {
    expect(answers(4)).toEqual([
      { client: "batch", requests: 1, last_seen: NOW_SECONDS - DAY_SECONDS / 4 },
      { client: "app", requests: 99, last_seen: NOW_SECONDS - DAY_SECONDS / 2 },
      { client: "old", requests: 1, last_seen: NOW_SECONDS - 30 * DAY_SECONDS },
    ]);
  });
});

it("the columns of the guide are those of a data point", () => {
  const line = decisionLine({ ...DENIED, duration_ms: 7, upstream_ms: 3 });
  const { indexes, blobs, doubles } = dataPoint(line);
  const rows = tableRows(GUIDE, ["column", "holds"]).map(([column = ""]) => column);
  const names = (name: string, values: readonly unknown[]) => values.map((_, index) => `\`${name}${index + 1}\``);
  expect(rows).toEqual([...names("index", indexes), ...names("blob", blobs), ...names("double", doubles)]);
});

describe("the dashboard", () => {
  const { panels, templating } = JSON.parse(projectFile("examples/observability/grafana.json"));
  const dataset = templating.list[0].query;

  it.each<{ title: string; targets: readonly { query: string; format: string }[] }>(panels)(
    "asks a question that has an answer: $title",
    ({ targets: [target] }) => {
      const query = (target?.query ?? "")
        .replace("$dataset", dataset)
        .replace("$timeSeries", "intDiv(toUInt32(timestamp), 60) * 60")
        .replace("$timeFilter", "timestamp > NOW() - INTERVAL '1' DAY");
      expect(query).not.toContain("$");
      const answers = runAnalyticsSql(query, POINTS, NOW_SECONDS);
      expect(answers.length).toBeGreaterThan(0);
      // Grafana takes three columns of a series: time, label and value.
      if (target?.format === "time_series") expect(Object.keys(answers[0] ?? {})).toHaveLength(3);
    },
  );
});

describe("what each way costs", () => {
  const rows = new Map(
    tableRows(GUIDE, ["way", "10⁶ requests", "10⁸ requests", "10¹⁰ requests"]).map(([way, ...prices]) => [way, prices]),
  );
  const REQUESTS = [1e6, 1e8, 1e10];

  /**
   * https://developers.cloudflare.com/observability/pricing/: 50 GB and 12 GB-months are included; seven days are kept.
   */
  const observability = (events: number, kilobytes: number): number => {
    const gigabytes = (events * kilobytes) / 1e6;
    return Math.max(0, gigabytes - 50) * 0.25 + Math.max(0, (gigabytes * 7) / 30 - 12) * 0.1;
  };
  const either = (events: number) => [observability(events, 0.9), observability(events, 4.84)];
  const beyond = (amount: number, included: number, perMillion: number): readonly number[] => [
    (Math.max(0, amount - included) / 1e6) * perMillion,
  ];

  it.each<{ way: string; price: (requests: number) => readonly number[] }>([
    { way: "Workers Logs, every line", price: either },
    {
      way: "Workers Logs, `allow` 0.01, one request in a hundred refused",
      price: (requests) => either(requests * (0.99 * 0.01 + 0.01)),
    },
    { way: "Logpush, every line, without the store", price: (requests) => beyond(requests, 10e6, 0.05) },
    { way: "Analytics Engine, every decision", price: (requests) => beyond(requests, 10e6, 0.25) },
    { way: "traces, one request in twenty, two spans each", price: (requests) => either((requests / 20) * 2) },
    {
      way: "a Tail Worker of 1 ms CPU time for each request",
      price: (requests) => beyond(requests, 30e6, 0.02),
    },
    { way: "`wrangler tail`, while somebody looks", price: () => [0] },
  ])("$way", ({ way, price }) => {
    const written = REQUESTS.map((requests) => {
      const dollars = price(requests).map((it) => Math.round(it).toLocaleString("en-US"));
      return [...new Set(dollars)].join(" to ");
    });
    expect(rows.get(way)).toEqual(written);
  });

  it("has a row for each, and no other", () => {
    expect(rows.size).toBe(7);
  });
});

it("the shipped settings trace one request in twenty", () => {
  for (const file of ["wrangler.toml", "examples/shop/wrangler.toml"]) {
    expect(projectFile(file)).toMatch(/^\[observability\.traces\]\nenabled = true\nhead_sampling_rate = 0\.05$/m);
  }
});
