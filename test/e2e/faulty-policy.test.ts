/** With an invalid policy nothing is served, and the log and the check report every fault. */
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, jsonOf, statusAndReason } from "../support/e2e/call.ts";
import { fullName, gatewayPolicy, variable } from "../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";
import { eventually } from "../support/e2e/wait.ts";
import { ROOT, SHOP_WRANGLER } from "../support/project/project-files.ts";

const MAIN = join(ROOT, "src/cli/main.ts");

/** Where each of the ten faults is. */
const PLACES = [
  "$.issuers.main.algorithms[1]",
  "$.issuers.second.issuer",
  "$.upstreams.plain.url",
  "$.upstreams.missing.url",
  "$.claimHeaders.authorization",
  "$.routes[0].scopes[0]",
  "$.routes[1].methods[1]",
  "$.routes[2]",
  "$.routes[3].upstream",
  "$.routes[4].pth",
];

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let policy: unknown;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  const base = gatewayPolicy(issuer, upstream);
  policy = {
    ...base,
    issuers: {
      main: { ...base.issuers.main, algorithms: ["ES256", "HS256"] },
      second: { ...base.issuers.main },
    },
    upstreams: {
      ...base.upstreams,
      plain: { url: "http://origin.example" },
      missing: { url: variable("MISSING_URL") },
    },
    claimHeaders: { authorization: "sub" },
    routes: [
      { path: "/a", methods: ["GET"], scopes: ["raed:products"], upstream: "echo" },
      { path: "/b", methods: ["GET", "GET"], scopes: ["read:products"], upstream: "echo" },
      { path: "/c", methods: ["GET"], upstream: "echo" },
      { path: "/d", methods: ["GET"], public: true, upstream: "ecko" },
      { path: "/e", pth: "/e", methods: ["GET"], public: true, upstream: "echo" },
      { path: "/open", methods: ["GET"], public: true, upstream: "echo" },
    ],
  };
  gateway = await startGateway({ policy });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
});

describe("the gateway", () => {
  it.each([
    "GET /open",
    "GET /b",
    "POST /unknown",
    "OPTIONS /open",
    "GET //",
    "GET /.well-known/oauth-protected-resource",
  ])("answers every request with a 500 that names no fault: %s", async (request) => {
    const token = await issuer.token({ scope: fullName("read:products") });
    const id = `faulty-${request.replace(/\W/g, "-")}`;
    const answer = await call(gateway.origin, request, { token, headers: { "x-request-id": id } });
    expect(statusAndReason(answer)).toBe("500 policy-invalid");
    expect(jsonOf(answer)).toEqual({
      type: "https://scopegate.dev/problems/policy-invalid",
      title: "Policy invalid",
      status: 500,
      detail: "The gateway's policy is invalid, so nothing is served.",
      instance: id,
    });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(upstream.received).toEqual([]);
    expect(await gateway.decision(id)).toMatchObject({ decision: "error", reason: "policy-invalid", status: 500 });
  });

  it("is alive and not ready", async () => {
    const headers = { "x-request-id": "who-asks" };
    const health = await call(gateway.origin, "GET /_gateway/health", { headers });
    const ready = await call(gateway.origin, "GET /_gateway/ready", { headers });
    expect([health.status, ready.status]).toEqual([200, 503]);
    for (const answer of [health, ready]) expect(answer.headers.get("x-request-id")).toBe("who-asks");
    expect(jsonOf(ready)).toEqual({ status: "not-ready", policy: "invalid" });
    expect(issuer.requests).toBe(0);
  });

  it("logs every fault with its place", async () => {
    expect(await gateway.scheduled()).toBe("ok");
    const faults = await eventually("a line about the faults", () => gateway.logs.map(faultsOf).find((found) => found));
    expect(faults.map(placeOf).sort()).toEqual([...PLACES].sort());
  });
});

it("logs the faults but no request where decisions are not logged", async () => {
  const quiet = await startGateway({ policy, vars: { DECISION_LOG: "off" } });
  try {
    expect(statusAndReason(await call(quiet.origin, "GET /open"))).toBe("500 policy-invalid");
    const tellings = () => quiet.logs.filter((log) => faultsOf(log)).length;
    const before = tellings();
    await quiet.scheduled();
    await eventually("a line about the faults", () => tellings() > before || undefined);
    expect(quiet.logs.filter((log) => faultsOf(log) === undefined)).toEqual([]);
  } finally {
    await quiet.dispose();
  }
});

describe("the check", () => {
  it("prints what is wrong, where, and what to do about it, for every fault, and fails", async () => {
    const folder = await mkdtemp(join(tmpdir(), "scopegate-"));
    try {
      const file = join(folder, "routes.json");
      await writeFile(file, JSON.stringify(policy, undefined, 2));
      // Without it, `check` would use placeholders for the variables, and none would be missing.
      await copyFile(join(ROOT, SHOP_WRANGLER), join(folder, "wrangler.toml"));
      const run = promisify(execFile)(process.execPath, [MAIN, "check", "--policy", file]);
      const failed = await run.catch((error: unknown) => error);
      expect(failed).toMatchObject({ code: 1, stderr: "" });
      const lines = String(Reflect.get(Object(failed), "stdout"))
        .trimEnd()
        .split("\n");
      expect(lines.pop()).toBe(`${file}: 10 errors`);
      const places: string[] = [];
      while (lines.length > 0) {
        const [what = "", where = "", fix = ""] = lines.splice(0, 3);
        expect(what.startsWith(`${file}:`) && what.slice(file.length)).toMatch(/^:\d+:\d+: error invalid: .+\.$/);
        expect(fix).toMatch(/^ {4}\S.*[.?]$/);
        places.push(where.trim());
      }
      expect(places.sort()).toEqual([...PLACES].sort());
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function placeOf(fault: string): string {
  return fault.slice(0, fault.indexOf(": "));
}

function faultsOf({ message: [line] }: TestGateway["logs"][number]): readonly string[] | undefined {
  if (typeof line !== "object" || line === null || Reflect.get(line, "event") !== "policy-invalid") return undefined;
  return Reflect.get(line, "faults");
}
