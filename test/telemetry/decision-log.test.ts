import { describe, expect, it } from "vitest";
import type { Telemetry } from "../../src/policy/policy.ts";
import type { Decision } from "../../src/telemetry/decision.ts";
import { createDecisionLog, type DecidedRequest } from "../../src/telemetry/decision-log.ts";
import { decisionLine } from "../support/telemetry/decision-line.ts";
import { FakeDataset } from "../support/telemetry/fake-dataset.ts";

const REQUEST: DecidedRequest = {
  path: "/orders/7",
  url: new URL("https://gw.example/orders/7?token=x"),
  route: { index: 3 },
};

/** A decision log, what it has written, and what it has counted. */
function decisionLog(telemetry: Partial<Telemetry>, random: () => number = () => 0.5) {
  const lines: (Decision & { readonly level?: string })[] = [];
  const dataset = new FakeDataset();
  const write = createDecisionLog(
    { allow: 1, deny: 1, path: false, metrics: "METRICS", ...telemetry },
    {
      log: (line, level) => lines.push({ ...(line as Decision), ...(level && { level }) }),
      logFailure: () => {},
      bindings: { METRICS: dataset },
      random,
    },
  );
  const decide = (changes: Partial<Decision> = {}, request: Partial<DecidedRequest> = {}) => {
    const line = decisionLine(changes);
    write(line, line.decision === "error" ? "error" : undefined, { ...REQUEST, ...request });
  };
  return { lines, dataset, decide };
}

describe("the share of lines", () => {
  it.each([
    { name: "everything by default", telemetry: {}, allow: 1_000, deny: 1_000 },
    { name: "some permitted requests", telemetry: { allow: 0.1 }, allow: 101, deny: 1_000 },
    { name: "some refused requests", telemetry: { deny: 0.25 }, allow: 1_000, deny: 251 },
    { name: "only first lines", telemetry: { allow: 0, deny: 0 }, allow: 1, deny: 1 },
  ])("$name", ({ telemetry, allow, deny }) => {
    // Numbers from 0 to less than 1, evenly. The first line takes one, too.
    let drawn = -1;
    const { lines, decide } = decisionLog(telemetry, () => (drawn++ % 1_000) / 1_000);
    const count = (decision: Decision["decision"]) => {
      drawn = 999;
      const before = lines.length;
      for (let index = 0; index < 1_000; index++) decide({ decision });
      return lines.length - before;
    };
    const errors = count("error");
    expect(errors).toBe(1_000);
    expect(Math.abs(count("allow") - allow)).toBeLessThanOrEqual(1);
    expect(Math.abs(count("deny") - deny)).toBeLessThanOrEqual(1);
  });

  it.each([
    { name: "just below the share", random: 0.0999, expected: 1 },
    { name: "the share itself", random: 0.1, expected: 0 },
  ])("is decided by one random number: $name", ({ random, expected }) => {
    const { lines, decide } = decisionLog({ allow: 0.1 }, () => random);
    decide();
    decide();
    // The first of both is a first line.
    expect(lines).toHaveLength(1 + expected);
  });

  it("is asked for one random number for each request, and for nothing of the request", () => {
    let drawn = 0;
    const { decide } = decisionLog({ allow: 0.5 }, () => {
      drawn += 1;
      return 0.9;
    });
    for (const request_id of ["a", "b", "c"]) decide({ request_id });
    expect(drawn).toBe(3);
  });

  it("stands in each line", () => {
    const { lines, decide } = decisionLog({ allow: 0.25, deny: 0.75 }, () => 0);
    for (const decision of ["allow", "allow", "deny", "deny", "error"] as const) decide({ decision });
    expect(lines.map(({ sample_share }) => sample_share)).toEqual([1, 0.25, 1, 0.75, 1]);
    expect(lines.map(({ level }) => level)).toEqual([undefined, undefined, undefined, undefined, "error"]);
  });
});

describe("the first line", () => {
  const never = { allow: 0, deny: 0 };
  it("of each client on each route is written, permitted and refused", () => {
    const { lines, decide } = decisionLog(never);
    for (let round = 0; round < 2; round++) {
      for (const client_id of ["a", "b", undefined]) {
        for (const index of [0, 1]) {
          decide({ client_id }, { route: { index } });
          decide({ client_id, decision: "deny" }, { route: { index } });
        }
      }
    }
    expect(lines).toHaveLength(12);
  });

  it("of one client id is another one under another issuer", () => {
    const { lines, decide } = decisionLog(never);
    for (const issuer of ["https://a.example", "https://b.example", "https://a.example"]) decide({ issuer });
    expect(lines).toHaveLength(2);
  });

  it("of requests without a route is one for each pattern that there is", () => {
    const { lines, decide } = decisionLog(never);
    for (const route of [undefined, "/orders/:", undefined, "/orders/:"]) {
      decide({ decision: "deny", route }, { route: undefined });
    }
    expect(lines.map(({ route }) => route)).toEqual([undefined, "/orders/:"]);
  });

  it("of each client for each entry of an MCP route is written", () => {
    const { lines, decide } = decisionLog(never);
    for (const entries of [
      ["tools get_*"],
      ["tools get_*"],
      ["tools create_order"],
      ["methods tools get_*"],
      [],
      [],
      ["resources a", "resources b"],
      ["resources b"],
      ["resources b", "resources c"],
      ["streams"],
    ]) {
      decide({ mcp_name: entries.join() }, { message: { entries } });
    }
    decide({ client_id: "other", mcp_name: "other" }, { message: { entries: ["tools get_*"] } });
    expect(lines.map(({ mcp_name }) => mcp_name)).toEqual([
      "tools get_*",
      "tools create_order",
      "methods tools get_*",
      "",
      "resources a,resources b",
      "resources b,resources c",
      "streams",
      "other",
    ]);
  });

  it("is no longer written when an isolate has seen ten thousand", () => {
    const { lines, decide } = decisionLog(never);
    for (let index = 0; index < 10_002; index++) decide({ client_id: `client-${index}` });
    expect(lines).toHaveLength(10_000);
    decide({ client_id: "client-0" });
    expect(lines).toHaveLength(10_000);
  });

  it.each([
    { name: "just short enough", rest: 0, expected: 1 },
    { name: "one too long", rest: 1, expected: 0 },
  ])("has names that can be remembered: $name", ({ rest, expected }) => {
    const { lines, decide } = decisionLog(never);
    const others = "allow\n3\nhttps://issuer.example\n".length;
    decide({ client_id: "x".repeat(512 - others + rest) });
    expect(lines).toHaveLength(expected);
  });
});

describe("the path", () => {
  it.each([
    { name: "is left out by default", telemetry: {}, expected: undefined },
    { name: "is the canonical one, without the query", telemetry: { path: true }, expected: "/orders/7" },
    {
      name: "is that of the URL if there is no canonical one",
      telemetry: { path: true },
      request: { path: undefined, url: new URL("https://gw.example/a%2F..%2Fb?token=x") },
      expected: "/a%2F..%2Fb",
    },
    {
      name: "breaks no line",
      telemetry: { path: true },
      request: { path: "/a\r\n\u001b[2J" },
      expected: "/a\\u{d}\\u{a}\\u{1b}[2J",
    },
    {
      name: "has no token",
      telemetry: { path: true },
      request: { path: "/reset/eyJhbGciOiJFUzI1NiJ9.e30.c2ln/x" },
      expected: "/reset/[token]/x",
    },
    {
      name: "is short enough",
      telemetry: { path: true },
      request: { path: `/${"a".repeat(1_023)}` },
      expected: `/${"a".repeat(1_023)}`,
    },
    {
      name: "is cut if it is long",
      telemetry: { path: true },
      request: { path: `/${"a".repeat(1_024)}` },
      expected: `/${"a".repeat(1_020)}...`,
    },
  ])("$name", ({ telemetry, request, expected }) => {
    const { lines, decide } = decisionLog(telemetry);
    decide({}, request);
    expect(lines.map(({ path }) => path)).toEqual([expected]);
  });
});

it("every decision is counted, whether its line is written or not", () => {
  const { lines, dataset, decide } = decisionLog({ allow: 0, deny: 0 });
  for (let index = 0; index < 100; index++) decide();
  expect([lines.length, dataset.points.length]).toEqual([1, 100]);
});

it("a dataset that fails is told where the lines of decisions are turned off, too", () => {
  const failures: object[] = [];
  const writeDataPoint = () => {
    throw new Error("full");
  };
  const write = createDecisionLog(
    { allow: 1, deny: 1, path: false, metrics: "METRICS" },
    {
      log: () => {},
      logFailure: (line) => failures.push(line),
      bindings: { METRICS: { writeDataPoint } },
      random: () => 0,
    },
  );
  write(decisionLine(), undefined, REQUEST);
  expect(failures).toEqual([{ event: "metrics-failed", message: "Error: full" }]);
});
