import { describe, expect, it, vi } from "vitest";
import type { Decision } from "../../src/telemetry/decision.ts";
import { createMetrics, type DataPoint, dataPoint, missingMetrics } from "../../src/telemetry/metrics.ts";
import { decisionLine } from "../support/telemetry/decision-line.ts";
import { FakeDataset } from "../support/telemetry/fake-dataset.ts";

const TELEMETRY = { allow: 1, deny: 1, path: false };
const COUNTED = { ...TELEMETRY, metrics: "METRICS" };
const OWN = new Set(["JWKS", "VERSION"]);

describe("a data point", () => {
  it.each<{ name: string; line: Partial<Decision>; expected: DataPoint }>([
    {
      name: "of a permitted request",
      line: {},
      expected: {
        indexes: ["/orders/:id"],
        blobs: ["/orders/:id", "allow", "", "app", "orders", "memory", "version-1"],
        doubles: [1, 2, 10, 200],
      },
    },
    {
      name: "of a refused request without a route",
      line: {
        route: undefined,
        decision: "deny",
        reason: "route-unknown",
        status: 404,
        duration_ms: 0,
        upstream_ms: undefined,
        client_id: undefined,
        upstream: undefined,
        key_source: undefined,
      },
      expected: {
        indexes: [""],
        blobs: ["", "deny", "route-unknown", "", "", "", "version-1"],
        doubles: [1, 0, 0, 404],
      },
    },
    {
      name: "of clocks that disagree",
      line: { duration_ms: 5, upstream_ms: 6 },
      expected: {
        indexes: ["/orders/:id"],
        blobs: ["/orders/:id", "allow", "", "app", "orders", "memory", "version-1"],
        doubles: [1, 0, 6, 200],
      },
    },
  ])("$name", ({ line, expected }) => {
    expect(dataPoint(decisionLine(line))).toEqual(expected);
  });

  it.each([
    { name: "just short enough", route: `/${"a".repeat(95)}`, index: `/${"a".repeat(95)}` },
    { name: "one byte too long", route: `/${"a".repeat(96)}`, index: `/${"a".repeat(95)}` },
    {
      name: "with a letter of two bytes across the end",
      route: `/${"a".repeat(94)}\u00fc`,
      index: `/${"a".repeat(94)}`,
    },
    {
      name: "with a letter of four bytes across the end",
      route: `/${"a".repeat(93)}\u{1f600}`,
      index: `/${"a".repeat(93)}`,
    },
  ])("has an index of at most 96 bytes: $name", ({ route, index }) => {
    const dataset = new FakeDataset();
    dataset.writeDataPoint(dataPoint(decisionLine({ route })));
    expect(dataset.points).toMatchObject([{ indexes: [index], blobs: { 0: route } }]);
  });

  it.each(["x", "\u00fc", "\u20ac", "\u{1f600}", "\ud83d"])("fits however long its texts are: %j", (letter) => {
    const long = letter.repeat(20_000);
    const line = decisionLine({ route: long, client_id: long, upstream: long, version: long });
    const dataset = new FakeDataset();
    dataset.writeDataPoint(dataPoint(line));
    expect(dataset.points).toHaveLength(1);
  });
});

/** A rejected promise that is no instance of `Promise`. */
function foreignRejection(error: Error): object {
  const methods = Object.create(null, Object.getOwnPropertyDescriptors(Promise.prototype));
  return Object.setPrototypeOf(Promise.reject(error), methods);
}

describe("a dataset that fails changes nothing, and is told once", () => {
  const failing = [
    {
      name: "it throws",
      writeDataPoint: () => {
        throw new Error("refused Bearer s3cr3t");
      },
      message: "Error: refused [token]",
    },
    {
      name: "it rejects",
      writeDataPoint: () => Promise.reject(new TypeError("gone")),
      message: "TypeError: gone",
    },
    {
      name: "it rejects by a promise of its own, as a bound Worker does",
      writeDataPoint: () => foreignRejection(new TypeError("no such method")),
      message: "TypeError: no such method",
    },
  ];
  it.each(failing)("$name", async ({ writeDataPoint, message }) => {
    const log = vi.fn();
    const count = createMetrics(COUNTED, { METRICS: { writeDataPoint } }, log);
    for (let index = 0; index < 3; index++) count?.(decisionLine());
    await new Promise((resolve) => setTimeout(resolve));
    expect(log).toHaveBeenCalledExactlyOnceWith({ event: "metrics-failed", message }, "error");
  });

  it.each(failing)("$name, and so does the log", async ({ writeDataPoint }) => {
    const log = vi.fn(() => {
      throw new Error("full");
    });
    const count = createMetrics(COUNTED, { METRICS: { writeDataPoint } }, log);
    expect(count?.(decisionLine())).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve));
    expect(log).toHaveBeenCalledOnce();
  });

  it("it hangs", () => {
    const log = vi.fn();
    const count = createMetrics(COUNTED, { METRICS: { writeDataPoint: () => new Promise(() => {}) } }, log);
    expect(count?.(decisionLine())).toBeUndefined();
    expect(log).not.toHaveBeenCalled();
  });
});

it("a policy without metrics counts nothing", () => {
  expect(createMetrics(TELEMETRY, {}, () => {})).toBeUndefined();
});

describe("the dataset of a policy", () => {
  const fault = {
    path: ["telemetry", "metrics"],
    message: "The Worker has no Analytics Engine dataset `METRICS`.",
    hint: "Add it to analytics_engine_datasets in wrangler.toml, for every environment.",
  };
  it.each([
    { name: "is there", binding: new FakeDataset(), expected: [] },
    { name: "is missing", binding: undefined, expected: [fault] },
    { name: "is a text", binding: "writeDataPoint", expected: [fault] },
    { name: "is null", binding: null, expected: [fault] },
    { name: "has no method", binding: {}, expected: [fault] },
    { name: "has something else in its place", binding: { writeDataPoint: true }, expected: [fault] },
  ])("$name", ({ binding, expected }) => {
    expect(missingMetrics(COUNTED, { METRICS: binding }, OWN)).toEqual(expected);
  });

  it("is not needed without metrics, and is no binding of the gateway", () => {
    expect(missingMetrics(TELEMETRY, {}, OWN)).toEqual([]);
    const own = missingMetrics({ ...TELEMETRY, metrics: "JWKS" }, { JWKS: new FakeDataset() }, OWN);
    expect(own).toMatchObject([{ message: "The Worker has no Analytics Engine dataset `JWKS`." }]);
  });
});
