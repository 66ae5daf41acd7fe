/** A policy with `telemetry` on workerd: what it needs to serve, and what it writes. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, jsonOf } from "../../support/e2e/call.ts";
import { fullName, gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { bundleGateway, runGateway, startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { wrongMembers } from "../../support/log/log-form.ts";

let issuer: TestIssuer;
let upstream: TestUpstream;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
});

afterAll(() => Promise.all([issuer?.stop(), upstream?.stop()]));

const policy = () => ({
  ...gatewayPolicy(issuer, upstream),
  telemetry: { allow: 0, path: true, metrics: "METRICS" },
});

describe("with its dataset", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ policy: policy(), bindings: { METRICS: { type: "analytics-engine-dataset" } } });
  });
  afterAll(() => gateway?.dispose());

  it("serves, and writes the first permitted request of a client, each refusal, and nothing else", async () => {
    const token = await issuer.token({ scope: fullName("read:products") });
    const statuses: number[] = [];
    for (const id of ["first", "second", "third"]) {
      statuses.push(
        (await call(gateway.origin, "GET /products?secret=x", { token, headers: { "x-request-id": id } })).status,
      );
    }
    for (const id of ["refused-1", "refused-2"]) {
      statuses.push((await call(gateway.origin, "GET /products", { headers: { "x-request-id": id } })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 401, 401]);
    expect(await gateway.decision("refused-2")).toMatchObject({ decision: "deny", path: "/products", sample_share: 1 });
    const lines = gateway.logs.flatMap(({ message: [line] }) => [Object(line)]);
    const decisions = lines.filter(({ event }) => event === "decision");
    expect(decisions.map(({ request_id }) => request_id)).toEqual(["first", "refused-1", "refused-2"]);
    expect(lines.flatMap(wrongMembers)).toEqual([]);
    expect(JSON.stringify(gateway.logs)).not.toContain("secret=x");
  });
});

it.each([
  { name: "no dataset", bindings: {} },
  { name: "something else", bindings: { METRICS: { type: "kv" } } as const },
])("with $name it serves nothing, and says why", async ({ bindings }) => {
  const gateway = await runGateway(await bundleGateway(policy()), { bindings });
  try {
    upstream.received.length = 0;
    const answer = await call(gateway.origin, "GET /products", { token: await issuer.token() });
    expect(answer.status).toBe(500);
    expect(jsonOf(answer)["type"]).toBe("https://scopegate.dev/problems/policy-invalid");
    expect(upstream.received).toEqual([]);
    await gateway.scheduled();
    expect(JSON.stringify(gateway.logs)).toContain("The Worker has no Analytics Engine dataset `METRICS`.");
    expect(gateway.logs.flatMap(({ message: [line] }) => wrongMembers(Object(line)))).toEqual([]);
  } finally {
    await gateway.dispose();
  }
});
