/** Every isolate says which policy it has: the Worker that wrangler builds, and one that compiles at its start. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { POLICY_DIGEST } from "../../../src/policy/compiled/policy-digest.ts";
import { scopegate } from "../../support/cli/run-scopegate.ts";
import { call, jsonOf } from "../../support/e2e/call.ts";
import { buildShippedGateway } from "../../support/e2e/shipped-gateway.ts";
import { bundleGateway, runGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { eventually } from "../../support/e2e/wait.ts";
import { projectFile, SHOP_POLICY } from "../../support/project/project-files.ts";

const VARS = {
  ISSUER_URL: "http://127.0.0.1:1/pool",
  PRODUCTS_URL: "http://127.0.0.1:1",
  ORDERS_URL: "http://127.0.0.1:1",
};
const scratch = mkdtempSync(join(tmpdir(), "scopegate-"));
let gateways: Readonly<Record<"built" | "compiled at the start", TestGateway>>;

beforeAll(async () => {
  const [built, atStart] = await Promise.all([
    buildShippedGateway(),
    bundleGateway(JSON.parse(projectFile(SHOP_POLICY))),
  ]);
  gateways = {
    built: await runGateway(built, { vars: VARS }),
    "compiled at the start": await runGateway(atStart, { vars: VARS }),
  };
});
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  for (const gateway of Object.values(gateways ?? {})) await gateway.dispose();
});

/** What `npm run build:policy` writes. */
async function digestOfBuild(): Promise<unknown> {
  const [policy, output] = [join(scratch, "routes.json"), join(scratch, "policy.json")];
  writeFileSync(policy, projectFile(SHOP_POLICY));
  expect((await scopegate("check", "--policy", policy, "--output", output)).exitCode).toBe(0);
  return JSON.parse(readFileSync(output, "utf8")).digest;
}

describe.each(["built", "compiled at the start"] as const)("a Worker that is %s", (kind) => {
  it("has the digest of its policy in `ready`, whose 503 says it, too", async () => {
    const digest = await digestOfBuild();
    expect(digest).toMatch(POLICY_DIGEST);
    const answer = await call(gateways[kind].origin, "GET /_gateway/ready");
    expect(answer.status).toBe(503);
    expect(jsonOf(answer)).toMatchObject({ status: "not-ready", policy: digest });
  });

  it("has it in the first line of the log of each isolate, and in no other", async () => {
    const digest = await digestOfBuild();
    await gateways[kind].restart();
    const before = gateways[kind].logs.length;
    for (let count = 0; count < 3; count++) await call(gateways[kind].origin, "GET /_gateway/health");
    const lines = await eventually("three lines", () => {
      const written = gateways[kind].logs.slice(before);
      return written.length < 3 ? undefined : written.map(({ message: [line] }) => Reflect.get(Object(line), "policy"));
    });
    expect(lines).toEqual([digest, undefined, undefined]);
  });
});
