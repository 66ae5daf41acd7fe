import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningWorkers } from "../../../src/local/miniflare.ts";
import { type Answer, send, startService } from "../../support/local/service-client.ts";

let service: RunningWorkers;

beforeAll(async () => {
  service = await startService("orders");
});
afterAll(() => service.dispose());

const as = (subject: string, request: string, json?: unknown): Promise<Answer> =>
  send(service.urls["orders"], request, {
    headers: { "x-auth-subject": subject },
    ...(json !== undefined && { json }),
  });

const ITEMS = [
  { productId: 1, quantity: 2 },
  { productId: 3, quantity: 1 },
];

async function createOrder(subject: string): Promise<string> {
  return String((await as(subject, "POST /orders", { items: ITEMS })).headers.get("location"));
}

describe("an order", () => {
  it("gets its prices from the service's own list", async () => {
    const { status, headers, body } = await as("ann", "POST /orders", { items: ITEMS });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: "placed",
      items: [
        { productId: 1, quantity: 2, unitPriceCents: 1290 },
        { productId: 3, quantity: 1, unitPriceCents: 990 },
      ],
      totalCents: 3570,
      currency: "EUR",
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(headers.get("location")).toBe(`/orders/${(body as { id: string }).id}`);
    expect((await as("ann", `GET ${headers.get("location")}`)).body).toEqual(body);
  });

  it("is replaced and deleted by its owner", async () => {
    const path = await createOrder("ann");
    const replaced = await as("ann", `PUT ${path}`, { items: [{ productId: 4, quantity: 1 }] });
    expect([replaced.status, replaced.body]).toMatchObject([200, { totalCents: 8900 }]);
    expect((await as("ann", `DELETE ${path}`)).status).toBe(204);
    expect((await as("ann", `GET ${path}`)).status).toBe(404);
  });

  it("does not change after it was cancelled", async () => {
    const path = await createOrder("ann");
    const cancelled = await as("ann", `PATCH ${path}`, { status: "cancelled" });
    expect([cancelled.status, cancelled.body]).toMatchObject([200, { status: "cancelled", totalCents: 3570 }]);
    expect((await as("ann", `PUT ${path}`, { items: ITEMS })).status).toBe(409);
    expect((await as("ann", `PATCH ${path}`, { items: ITEMS })).status).toBe(409);
  });

  it.each([
    { name: "takes the largest quantity", input: [{ productId: 1, quantity: 1000 }], expected: 201 },
    { name: "refuses a larger one", input: [{ productId: 1, quantity: 1001 }], expected: 400 },
    { name: "takes the smallest quantity", input: [{ productId: 1, quantity: 1 }], expected: 201 },
    { name: "refuses none", input: [{ productId: 1, quantity: 0 }], expected: 400 },
    { name: "takes as many items as may be", input: Array(50).fill(ITEMS[0]), expected: 201 },
    { name: "refuses one more", input: Array(51).fill(ITEMS[0]), expected: 400 },
    { name: "refuses an order of nothing", input: [], expected: 400 },
    { name: "refuses a price of the caller", input: [{ ...ITEMS[0], unitPriceCents: 1 }], expected: 400 },
    { name: "refuses a product that is not there", input: [{ productId: 99, quantity: 1 }], expected: 400 },
  ])("$name", async ({ input, expected }) => {
    expect((await as("limits", "POST /orders", { items: input })).status).toBe(expected);
  });

  it("points at the item whose product is not there", async () => {
    const { body } = await as("ann", "POST /orders", { items: [ITEMS[0], { productId: 99, quantity: 1 }] });
    expect(body).toMatchObject({ errors: [{ pointer: "/items/1/productId" }] });
  });
});

describe("the orders of others", () => {
  it.each([
    { method: "GET" },
    { method: "PUT", json: { items: ITEMS } },
    { method: "PATCH", json: { status: "cancelled" } },
    { method: "DELETE" },
  ])("are a 404 for $method, and stay as they are", async ({ method, json }) => {
    const path = await createOrder("ann");
    const before = await as("ann", `GET ${path}`);
    expect((await as("eve", `${method} ${path}`, json)).status).toBe(404);
    expect((await as("ann", `GET ${path}`)).body).toEqual(before.body);
  });

  it("are not in the list", async () => {
    await createOrder("bob");
    expect((await as("bob", "GET /orders")).body).toMatchObject({ total: 1 });
    expect((await as("eve", "GET /orders")).body).toMatchObject({ items: [], total: 0 });
  });
});

it("serves nobody whom the gateway did not name", async () => {
  expect((await send(service.urls["orders"], "GET /orders")).status).toBe(401);
});
