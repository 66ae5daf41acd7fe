import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningWorkers } from "../../../src/local/miniflare.ts";
import { send, startService } from "../../support/local/service-client.ts";

let service: RunningWorkers;
let origin: string | undefined;

beforeAll(async () => {
  service = await startService("products");
  origin = service.urls["products"];
});
afterAll(() => service.dispose());

const PEN = { sku: "pen", name: "Pen", priceCents: 450 };

describe("the list", () => {
  it("starts with the catalog", async () => {
    const { status, body } = await send(origin, "GET /products?limit=1&offset=1");
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          id: 2,
          sku: "tee-black-m",
          name: "Black T-shirt, M",
          description: "Organic cotton.",
          priceCents: 2450,
          currency: "EUR",
        },
      ],
      total: 4,
      limit: 1,
      offset: 1,
    });
  });

  it.each([
    { name: "takes the largest page", input: "limit=100", expected: 200 },
    { name: "refuses a larger one", input: "limit=101", expected: 400 },
    { name: "takes the smallest page", input: "limit=1", expected: 200 },
    { name: "refuses an empty one", input: "limit=0", expected: 400 },
    { name: "refuses an offset that is no number", input: "offset=-1", expected: 400 },
  ])("$name", async ({ input, expected }) => {
    expect((await send(origin, `GET /products?${input}`)).status).toBe(expected);
  });
});

describe("a product", () => {
  it("is created, read, replaced, changed and deleted", async () => {
    const created = await send(origin, "POST /products", { json: PEN });
    const path = created.headers.get("location");
    expect([created.status, path]).toEqual([201, "/products/5"]);
    const pen = { id: 5, ...PEN, description: "", currency: "EUR" };
    expect(created.body).toEqual(pen);
    expect((await send(origin, `GET ${path}`)).body).toEqual(pen);

    const replaced = await send(origin, `PUT ${path}`, { json: { ...PEN, name: "Pencil" } });
    expect([replaced.status, replaced.body]).toEqual([200, { ...pen, name: "Pencil" }]);
    const changed = await send(origin, `PATCH ${path}`, { json: { priceCents: 500 } });
    expect([changed.status, changed.body]).toEqual([200, { ...pen, name: "Pencil", priceCents: 500 }]);

    expect((await send(origin, `DELETE ${path}`)).status).toBe(204);
    expect((await send(origin, `GET ${path}`)).status).toBe(404);
  });

  it.each([
    { name: "takes the highest price", input: { priceCents: 100_000_000 }, expected: 200 },
    { name: "refuses a higher one", input: { priceCents: 100_000_001 }, expected: 400 },
    { name: "refuses a negative price", input: { priceCents: -1 }, expected: 400 },
    { name: "refuses a fraction of a cent", input: { priceCents: 0.5 }, expected: 400 },
    { name: "refuses an empty name", input: { name: " " }, expected: 400 },
    { name: "refuses an unknown member", input: { price: 1 }, expected: 400 },
    { name: "refuses the SKU of another product", input: { sku: "mug-blue" }, expected: 409 },
    { name: "takes its own SKU again", input: { sku: "lamp-desk" }, expected: 200 },
  ])("$name", async ({ input, expected }) => {
    expect((await send(origin, "PATCH /products/4", { json: input })).status).toBe(expected);
  });

  it("names every member that is wrong", async () => {
    const { status, headers, body } = await send(origin, "POST /products", { json: { sku: "A B", priceCents: "1" } });
    expect(status).toBe(400);
    expect(headers.get("content-type")).toBe("application/problem+json");
    const pointers = (body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    expect(pointers).toEqual(["/sku", "/name", "/priceCents"]);
  });

  it.each([
    { name: "refuses text that is not JSON", type: "application/json", text: "{", expected: 400 },
    { name: "refuses another media type", type: "text/plain", text: JSON.stringify(PEN), expected: 415 },
  ])("$name", async ({ type, text, expected }) => {
    const response = await fetch(`${origin}/products`, {
      method: "POST",
      body: text,
      headers: { "content-type": type },
    });
    expect(response.status).toBe(expected);
  });

  it.each(["GET", "DELETE"])("is a 404 for %s when it is not there", async (method) => {
    expect((await send(origin, `${method} /products/999`)).status).toBe(404);
    expect((await send(origin, `${method} /products/abc`)).status).toBe(404);
  });

  it.each(["PUT", "PATCH"])("is a 404 for %s when it is not there", async (method) => {
    expect((await send(origin, `${method} /products/999`, { json: PEN })).status).toBe(404);
  });

  it("is not created with the SKU of another", async () => {
    expect((await send(origin, "POST /products", { json: { ...PEN, sku: "mug-blue" } })).status).toBe(409);
  });
});

it("tells that it is well", async () => {
  const { status, body, headers } = await send(origin, "GET /products/healthz");
  expect([status, body, headers.get("x-served-by")]).toEqual([200, { status: "ok" }, "products"]);
});
