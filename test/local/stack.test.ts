import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FREE_PORTS } from "../../src/local/addresses.ts";
import { freePorts, isPortFree } from "../../src/local/ports.ts";
import { requestToken } from "../../src/local/request-token.ts";
import type { Stack } from "../../src/local/stack.ts";
import type { WorkerLog } from "../../src/local/worker-logs.ts";
import { send } from "../support/local/service-client.ts";
import { shopSource, startShopStack } from "../support/local/shop-stack.ts";
import { projectFile, SHOP_POLICY } from "../support/project/project-files.ts";

let stack: Stack;
let onLog: (log: WorkerLog) => void = () => undefined;
const logs: WorkerLog[] = [];

beforeAll(async () => {
  const record = (log: WorkerLog) => {
    logs.push(log);
    onLog(log);
  };
  stack = await startShopStack({ onLog: record });
});
afterAll(() => stack.dispose());

async function authorization(client: string): Promise<Record<string, string>> {
  const token = await requestToken({ tokenUrl: stack.tokenUrl, clientId: client, clientSecret: `${client}-secret` });
  return { authorization: `Bearer ${token}` };
}

describe("the local stack", () => {
  it("lets a caller through to the services with a token of its issuer", async () => {
    const headers = await authorization("customer");
    const products = await send(stack.urls.gateway, "GET /products", { headers });
    expect([products.status, products.body]).toMatchObject([200, { total: 4 }]);
    const orders = await send(stack.urls.gateway, "GET /orders", { headers });
    expect([orders.status, orders.body]).toMatchObject([200, { total: 0 }]);
  });

  it("passes the gateway's decisions on as objects, except the one about its own first request", async () => {
    const logged = new Promise<unknown>((resolve) => {
      onLog = ({ worker, message: [line] }) => {
        if (worker === "gateway" && Reflect.get(Object(line), "request_id") === "this-one") resolve(line);
      };
    });
    await send(stack.urls.gateway, "GET /products/healthz", { headers: { "x-request-id": "this-one" } });
    expect(await logged).toMatchObject({
      event: "decision",
      decision: "allow",
      route: "/products/healthz",
      upstream: "products",
    });
    expect(JSON.stringify(logs)).not.toContain("/_gateway/health");
  });

  it("fires the gateway's cron trigger", async () => {
    expect(await stack.scheduled()).toBe("ok");
  });

  it("tells the gateway the addresses of its Workers", () => {
    expect(stack.plan.vars).toEqual({
      ISSUER_URL: `${stack.urls.issuer}/local_pool`,
      PRODUCTS_URL: stack.urls.products,
      ORDERS_URL: stack.urls.orders,
    });
  });

  it("stops one service and keeps the others, with what they stored", async () => {
    const headers = await authorization("admin");
    const json = { sku: "pen", name: "Pen", priceCents: 450 };
    const { headers: created } = await send(stack.urls.gateway, "POST /products", { headers, json });
    await stack.stop("orders");
    expect((await send(stack.urls.gateway, "GET /orders", { headers })).status).toBe(502);
    const kept = await send(stack.urls.gateway, `GET ${created.get("location")}`, { headers });
    expect([kept.status, kept.body]).toMatchObject([200, json]);
  });
});

describe("starting the local stack", () => {
  it("says which Worker's port is in use, before anything is started", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const starting = startShopStack({ ports: { ...FREE_PORTS, products: port } });
    await expect(starting).rejects.toMatchObject({ worker: "products", port });
    server.close();
    await once(server, "close");
    expect(await isPortFree(port)).toBe(true);
  });

  it("says so, too, of a port that is taken while it starts", async () => {
    const server = createServer();
    const [port = 0] = await freePorts(1);
    const readSource = async () => {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      return shopSource();
    };
    const starting = startShopStack({ ports: { ...FREE_PORTS, issuer: port }, readSource });
    await expect(starting).rejects.toMatchObject({ worker: "issuer", port });
    server.close();
    await once(server, "close");
  });

  it("serves another policy with further vars when it is given them, and frees its ports at the end", async () => {
    const routes = projectFile(SHOP_POLICY);
    const policy = routes.replaceAll("/products/healthz", "/products/alive").replace("PRODUCTS_URL", "OWN_URL");
    const vars = { OWN_URL: stack.urls.products, ORDERS_URL: "https://elsewhere.invalid", LEVEL: 3 };
    const other = await startShopStack({ readSource: async () => shopSource(policy, vars) });
    // `/products/:id`: the policy is valid, and has the other path.
    expect((await send(other.urls.gateway, "GET /products/healthz")).status).toBe(401);
    // What is set stays as it is.
    expect(other.plan.vars).toEqual({ ...vars, ISSUER_URL: `${other.urls.issuer}/local_pool` });
    expect(other.plan.standIns).toEqual({ ISSUER_URL: `${other.urls.issuer}/local_pool` });
    await other.dispose();
    await other.dispose();
    for (const url of Object.values(other.urls)) expect(await isPortFree(Number(new URL(url).port))).toBe(true);
  });

  it("rejects with the error of reading the policy", async () => {
    const error = new Error("routes.json:1:1: no JSON");
    await expect(startShopStack({ readSource: () => Promise.reject(error) })).rejects.toBe(error);
  });
});
