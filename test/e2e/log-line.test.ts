import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { bundleWorker } from "../../src/local/bundle.ts";
import { POLICY_DIGEST } from "../../src/policy/compiled/policy-digest.ts";
import type { Gateway } from "../bench/gateway.ts";
import { gatewayCompatibility } from "../bench/gateways.ts";
import { startWorkerd } from "../bench/workerd.ts";
import { shopFiles } from "../support/local/shop-stack.ts";
import { wrongMembers } from "../support/log/log-form.ts";
import { ROOT } from "../support/project/project-files.ts";

const VARS = {
  ISSUER_URL: "http://127.0.0.1:1/pool",
  PRODUCTS_URL: "http://127.0.0.1:1",
  ORDERS_URL: "http://127.0.0.1:1",
};

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let gateway: Gateway;
let output = "";

beforeAll(async () => {
  const script = await bundleWorker(join(ROOT, "src/index.ts"), { files: shopFiles() });
  const onOutput = (text: string) => {
    output += text;
  };
  gateway = await startWorkerd({ name: "gateway", script, vars: VARS, onOutput }, gatewayCompatibility());
});

afterAll(() => gateway.stop());

it("plain workerd prints each decision as one line of JSON, however long it is", async () => {
  const id = "a-long-request-id".repeat(11);
  const headers = { "x-request-id": id, authorization: "Bearer not-a-token" };
  const answers = [
    await fetch(`http://127.0.0.1:${gateway.port}/products`, { headers }),
    await fetch(`http://127.0.0.1:${gateway.port}/_gateway/health`),
  ];
  await vi.waitFor(() => expect(output.match(/\n/g)).toHaveLength(2));
  const lines = output.trim().split("\n");
  expect(lines.flatMap((line) => wrongMembers(JSON.parse(line)))).toEqual([]);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      event: "decision",
      v: 1,
      time: expect.stringMatching(ISO_TIME),
      duration_ms: expect.any(Number),
      request_id: id,
      method: "GET",
      route: "/products",
      decision: "deny",
      reason: "token-malformed",
      detail: "The token does not have three parts.",
      status: 401,
      required: ["https://api.myecommerce.com/read:products"],
      upstream: "products",
      policy: expect.stringMatching(POLICY_DIGEST),
    },
    {
      event: "decision",
      v: 1,
      time: expect.stringMatching(ISO_TIME),
      duration_ms: expect.any(Number),
      request_id: answers[1]?.headers.get("x-request-id"),
      method: "GET",
      route: "/_gateway/health",
      decision: "allow",
      status: 200,
    },
  ]);
});
