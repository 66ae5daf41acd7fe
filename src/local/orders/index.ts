/**
 * The order service of the running example: a Worker with its own SQLite database. It serves orders under `/orders`,
 * and as tools of an MCP server at `/mcp`. If the gateway asserts its callers, the service verifies that and takes the
 * caller from the assertion. Otherwise it trusts `x-auth-subject`, because only the gateway should reach it. Callers
 * see only their own orders.
 */
import { type Context, Hono } from "hono";
import type { JWTPayload } from "jose";
import * as v from "valibot";
import { parseBody } from "../common/parse-body.ts";
import { parsePage } from "../common/parse-page.ts";
import { problem } from "../common/problem.ts";
import { servedBy } from "../common/served-by.ts";
import { verifyAssertion } from "../common/verify-assertion.ts";
import { type DatabaseEnv, withDatabase } from "../common/with-database.ts";
import { Items } from "./order-items.ts";
import {
  changeOrder,
  createOrder,
  deleteOrder,
  FIRST_PRICES,
  findOrder,
  listOrders,
  ORDER_TABLES,
  type OrderItem,
  type PricedItem,
  priceItems,
} from "./order-store.ts";
import { MCP_TABLES, serveMcp } from "./serve-mcp.ts";

const OrderBody = v.strictObject({ items: Items });
const OrderPatch = v.strictObject({ items: v.optional(Items), status: v.optional(v.literal("cancelled")) });

interface OrdersEnv {
  Bindings: DatabaseEnv & {
    /** What assertions are verified with; left out: the gateway sends none. */
    readonly ASSERTION?: Parameters<typeof verifyAssertion>[0];
  };
  Variables: {
    /** Only set if the gateway asserts its callers. */
    assertion: JWTPayload;
    /** The caller. */
    subject: string;
  };
}

const app = new Hono<OrdersEnv>();

app.use(servedBy("orders"), withDatabase([...ORDER_TABLES, ...MCP_TABLES], FIRST_PRICES));

let verify: ReturnType<typeof verifyAssertion> | undefined;
app.use(async (c, next) => {
  if (c.env.ASSERTION === undefined) return await next();
  verify ??= verifyAssertion(c.env.ASSERTION);
  return await verify(c, next);
});

app.use(async (c, next) => {
  const subject = c.env.ASSERTION === undefined ? c.req.header("x-auth-subject") : c.var.assertion.sub;
  if (!subject) return problem(c, 401, "Unauthorized", "The gateway named no caller.");
  c.set("subject", subject);
  await next();
});

app.get("/orders", async (c) => {
  const page = parsePage(c);
  if (page instanceof Response) return page;
  return c.json({ ...(await listOrders(c.env.DB, c.var.subject, page)), ...page });
});

app.post("/orders", async (c) => {
  const body = await parseBody(c, OrderBody);
  if (body instanceof Response) return body;
  const items = await priceOrRefuse(c, body.items);
  if (items instanceof Response) return items;
  const order = await createOrder(c.env.DB, c.var.subject, items);
  return c.json(order, 201, { location: `/orders/${order.id}` });
});

app.get("/orders/:id", async (c) => {
  const order = await findOrder(c.env.DB, c.var.subject, c.req.param("id"));
  return order ? c.json(order) : unknownOrder(c);
});

app.put("/orders/:id", async (c) => {
  const body = await parseBody(c, OrderBody);
  if (body instanceof Response) return body;
  if (!(await findOrder(c.env.DB, c.var.subject, c.req.param("id")))) return unknownOrder(c);
  const items = await priceOrRefuse(c, body.items);
  if (items instanceof Response) return items;
  const order = await changeOrder(c.env.DB, c.var.subject, c.req.param("id"), { status: "placed", items });
  return order ? c.json(order) : orderCancelled(c);
});

app.patch("/orders/:id", async (c) => {
  const body = await parseBody(c, OrderPatch);
  if (body instanceof Response) return body;
  const present = await findOrder(c.env.DB, c.var.subject, c.req.param("id"));
  if (!present) return unknownOrder(c);
  const items = body.items ? await priceOrRefuse(c, body.items) : present.items;
  if (items instanceof Response) return items;
  const status = body.status ?? present.status;
  const order = await changeOrder(c.env.DB, c.var.subject, present.id, { status, items });
  return order ? c.json(order) : orderCancelled(c);
});

app.delete("/orders/:id", async (c) => {
  return (await deleteOrder(c.env.DB, c.var.subject, c.req.param("id"))) ? c.body(null, 204) : unknownOrder(c);
});

app.all("/mcp", (c) => serveMcp(c.req.raw, { db: c.env.DB, subject: c.var.subject }));

app.notFound((c) => problem(c, 404, "Not Found", "There is nothing here."));

export default app;

async function priceOrRefuse(c: Context<OrdersEnv>, items: readonly OrderItem[]): Promise<PricedItem[] | Response> {
  const priced = await priceItems(c.env.DB, items);
  if (typeof priced !== "number") return priced;
  return problem(c, 400, "Bad Request", "The body is not valid.", [
    { pointer: `/items/${priced}/productId`, detail: "There is no such product." },
  ]);
}

function unknownOrder(c: Context): Response {
  return problem(c, 404, "Not Found", "There is no such order.");
}

function orderCancelled(c: Context): Response {
  return problem(c, 409, "Conflict", "The order is cancelled.");
}
