/** The local stack with upstreams behind bindings, and with secrets in headers. */
import { afterAll, describe, expect, it } from "vitest";
import { FREE_PORTS } from "../../src/local/addresses.ts";
import { type Stack, startStack } from "../../src/local/stack.ts";
import type { WorkerLog } from "../../src/local/worker-logs.ts";
import { send } from "../support/local/service-client.ts";

const SECRET = "s3cr3t-of-the-erp";
const CONFIG = {
  upstreams: {
    erp: {
      url: "http://erp.invalid:8080/api",
      via: "ERP_VPC",
      headers: { "x-env": "local", "x-erp-key": { secret: "ERP_KEY" }, "x-stored": { secret: "STORED_KEY" } },
    },
    plain: { url: "http://erp.invalid:8080/api", via: "OTHER_VPC" },
    bound: { service: "BOUND", headers: { authorization: { secret: "ERP_KEY" } } },
  },
  routes: [
    { path: "/erp/*", methods: ["*"], public: true, upstream: "erp" },
    { path: "/plain/*", methods: ["*"], public: true, upstream: "plain" },
    { path: "/bound/*", methods: ["*"], public: true, upstream: "bound" },
  ],
};

const stacks: Stack[] = [];
afterAll(() => Promise.all(stacks.map((stack) => stack.dispose())));

async function start(vars: Readonly<Record<string, unknown>>, logs: WorkerLog[] = []): Promise<Stack> {
  const source = { config: CONFIG, vars, secret: new Set(Object.keys(vars)), storedSecrets: new Set(["STORED_KEY"]) };
  const stack = await startStack({
    ports: FREE_PORTS,
    readSource: async () => source,
    onLog: (log) => logs.push(log),
  });
  stacks.push(stack);
  return stack;
}

describe("the local stack with secrets", () => {
  it("sends them to stand-ins, which insist on them and never show them", async () => {
    const logs: WorkerLog[] = [];
    const stack = await start({ ERP_KEY: SECRET, STORED_KEY: SECRET }, logs);
    const forged = { "x-erp-key": "forged", X_Erp_Key: "forged", "x-stored": "forged", authorization: "Bearer forged" };
    const erp = await send(stack.urls.gateway, "GET /erp/1?a=b", { headers: forged });
    expect([erp.status, erp.headers.get("x-served-by")]).toEqual([200, "echo"]);
    expect(erp.body).toMatchObject({
      upstream: "erp",
      path: "/api/erp/1?a=b",
      headers: { host: "erp.invalid:8080", "x-env": "local", "x-erp-key": "(secret)", "x-stored": "(secret)" },
    });
    const bound = await send(stack.urls.gateway, "GET /bound/1", { headers: { authorization: "Bearer forged" } });
    expect(bound.body).toMatchObject({ upstream: "bound", headers: { authorization: "(secret)" } });
    expect(JSON.stringify([erp, bound, logs])).not.toMatch(/s3cr3t|forged/);
  });

  it("tells bindings to one URL apart", async () => {
    const stack = await start({ ERP_KEY: SECRET });
    expect((await send(stack.urls.gateway, "GET /plain/1")).body).toMatchObject({ upstream: "plain" });
    expect((await send(stack.urls.gateway, "GET /erp/1")).body).toMatchObject({ upstream: "erp" });
  });

  it("makes them up where nobody has set them", async () => {
    const stack = await start({});
    expect(stack.plan.standIns).toEqual({ ERP_KEY: "local-ERP_KEY", STORED_KEY: "local-STORED_KEY" });
    expect((await send(stack.urls.gateway, "GET /erp/1")).status).toBe(200);
  });
});
