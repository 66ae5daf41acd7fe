/** A route that only reports, in the Worker as it is built: it enforces by itself while it runs. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CompiledPolicy } from "../../../src/policy/compiled/compiled-policy.ts";
import { startBuiltGateway } from "../../support/e2e/built-gateway.ts";
import { call } from "../../support/e2e/call.ts";
import { gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { eventually } from "../../support/e2e/wait.ts";

const UNTIL = "2099-12-31";

let issuer: TestIssuer;
let upstream: TestUpstream;
let folder: string;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  folder = mkdtempSync(join(tmpdir(), "scopegate-report-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([issuer?.stop(), upstream?.stop()]);
});

function policyUntil(until: string): string {
  const { routes, ...rest } = gatewayPolicy(issuer, upstream);
  const file = join(folder, `${until}.json`);
  const reporting = { path: "/me", methods: ["GET"], authenticated: true, upstream: "echo", report: { until } };
  writeFileSync(file, JSON.stringify({ ...rest, routes: [...routes.filter(({ path }) => path !== "/me"), reporting] }));
  return file;
}

it("lets requests through until its last day has ended, and then refuses them, in one isolate", async () => {
  const endsAt = Date.now() + 5_000;
  await using gateway = await startBuiltGateway(policyUntil(UNTIL), {}, (built) => {
    const { routes, ...rest } = built as CompiledPolicy;
    const values = routes.reports?.values.map((report) => report && { ...report, endsAt });
    return { ...rest, routes: { ...routes, reports: { ...routes.reports, values } } };
  });
  const first = await call(gateway.origin, "GET /me", { headers: { authorization: "Bearer rubbish" } });
  expect(Date.now()).toBeLessThan(endsAt);
  expect([first.status, upstream.received.length]).toEqual([200, 1]);
  expect(upstream.received[0]?.headers["authorization"]).toBeUndefined();

  await eventually("the end of the last day", () => Date.now() > endsAt + 100 || undefined, 10_000);
  const second = await call(gateway.origin, "GET /me");
  expect([second.status, upstream.received.length]).toEqual([401, 1]);
  expect(second.headers.get("www-authenticate")).toContain("Bearer");
});

it("refuses requests if its last day is over", async () => {
  upstream.received.length = 0;
  await using gateway = await startBuiltGateway(policyUntil("2020-01-31"));
  expect((await call(gateway.origin, "GET /me")).status).toBe(401);
  expect(upstream.received).toEqual([]);
});
