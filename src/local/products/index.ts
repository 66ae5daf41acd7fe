/**
 * The product service of the running example: a Worker with its own SQLite database. It needs no credentials, because
 * only the gateway can reach it.
 */
import { type Context, Hono } from "hono";
import * as v from "valibot";
import { parseBody } from "../common/parse-body.ts";
import { parsePage } from "../common/parse-page.ts";
import { problem } from "../common/problem.ts";
import { servedBy } from "../common/served-by.ts";
import { type DatabaseEnv, withDatabase } from "../common/with-database.ts";
import {
  createProduct,
  deleteProduct,
  FIRST_PRODUCTS,
  findProduct,
  listProducts,
  PRODUCT_TABLES,
  replaceProduct,
} from "./product-store.ts";

const MAX_PRICE_CENTS = 100_000_000;

const fields = {
  sku: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/, "1 to 64 of a-z, 0-9 and -.")),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  description: v.pipe(v.string(), v.maxLength(2000)),
  priceCents: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_PRICE_CENTS)),
};
const ProductBody = v.strictObject({ ...fields, description: v.optional(fields.description, "") });
const ProductPatch = v.strictObject({
  sku: v.exactOptional(fields.sku),
  name: v.exactOptional(fields.name),
  description: v.exactOptional(fields.description),
  priceCents: v.exactOptional(fields.priceCents),
});

const app = new Hono<{ Bindings: DatabaseEnv }>();

app.use(servedBy("products"), withDatabase(PRODUCT_TABLES, FIRST_PRODUCTS));

app.get("/products/healthz", async (c) => {
  await c.env.DB.prepare("SELECT 1").run();
  return c.json({ status: "ok" });
});

app.get("/products", async (c) => {
  const page = parsePage(c);
  if (page instanceof Response) return page;
  return c.json({ ...(await listProducts(c.env.DB, page)), ...page });
});

app.post("/products", async (c) => {
  const body = await parseBody(c, ProductBody);
  if (body instanceof Response) return body;
  const product = await createProduct(c.env.DB, body);
  if (!product) return skuTaken(c);
  return c.json(product, 201, { location: `/products/${product.id}` });
});

app.get("/products/:id{[0-9]+}", async (c) => {
  const product = await findProduct(c.env.DB, idOf(c));
  return product ? c.json(product) : unknownProduct(c);
});

app.put("/products/:id{[0-9]+}", async (c) => {
  const body = await parseBody(c, ProductBody);
  if (body instanceof Response) return body;
  if (!(await findProduct(c.env.DB, idOf(c)))) return unknownProduct(c);
  const product = await replaceProduct(c.env.DB, idOf(c), body);
  return product ? c.json(product) : skuTaken(c);
});

app.patch("/products/:id{[0-9]+}", async (c) => {
  const body = await parseBody(c, ProductPatch);
  if (body instanceof Response) return body;
  const present = await findProduct(c.env.DB, idOf(c));
  if (!present) return unknownProduct(c);
  const product = await replaceProduct(c.env.DB, present.id, { ...present, ...body });
  return product ? c.json(product) : skuTaken(c);
});

app.delete("/products/:id{[0-9]+}", async (c) => {
  return (await deleteProduct(c.env.DB, idOf(c))) ? c.body(null, 204) : unknownProduct(c);
});

app.notFound((c) => problem(c, 404, "Not Found", "There is nothing here."));

export default app;

function idOf(c: Context): number {
  return Number(c.req.param("id"));
}

function unknownProduct(c: Context): Response {
  return problem(c, 404, "Not Found", "There is no such product.");
}

function skuTaken(c: Context): Response {
  return problem(c, 409, "Conflict", "Another product has this SKU.");
}
