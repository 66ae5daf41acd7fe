import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readStackKeys } from "../../../../src/cli/console/keys/read-stack-keys.ts";
import type { Stack } from "../../../../src/local/stack.ts";
import type { WorkerLog } from "../../../../src/local/worker-logs.ts";
import { startShopStack } from "../../../support/local/shop-stack.ts";

let stack: Stack;
const logs: WorkerLog[] = [];
const issuers = () => [...(stack.plan.policy?.issuers.values() ?? [])];

beforeAll(async () => {
  stack = await startShopStack({ onLog: (log) => logs.push(log) });
});
afterAll(() => stack.dispose());

describe("readStackKeys", () => {
  it("has what the gateway answers, and what it wrote to KV", async () => {
    await readStackKeys(stack, issuers());
    // The record may be written after the answer.
    await expect
      .poll(async () => (await readStackKeys(stack, issuers())).records.get("cognito"))
      .toMatch(/"version":1|"kty":"RSA"/);
    const { ready } = await readStackKeys(stack, issuers());
    expect(ready).toMatchObject({ status: "ready", issuers: { cognito: { usable: true, keyCount: 2 } } });
  });

  it("leaves no decision line", async () => {
    await expect.poll(() => JSON.stringify(logs)).toContain('"change":"refreshed"');
    expect(JSON.stringify(logs)).not.toContain("/_gateway/ready");
  });

  it("leaves out what does not answer", async () => {
    const broken = {
      ready: () => Promise.reject(new Error("no answer")),
      readKeyRecord: () => Promise.reject(new Error("no answer")),
    };
    expect(await readStackKeys(broken, issuers())).toEqual({ ready: undefined, records: new Map() });
  });
});
