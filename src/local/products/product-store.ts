import type { D1Database } from "@cloudflare/workers-types/index.ts";
import { CATALOG, CURRENCY } from "../catalog.ts";
import type { Page } from "../common/parse-page.ts";
import type { FirstRows } from "../common/with-database.ts";

/** The members of a product that callers set. */
export interface ProductInput {
  /** No two products share a SKU. */
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly priceCents: number;
}

/** A product as the service returns it. */
export interface Product extends ProductInput {
  readonly id: number;
  readonly currency: string;
}

/** The tables of the product service's database. */
export const PRODUCT_TABLES = [
  `CREATE TABLE IF NOT EXISTS products (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    price_cents INTEGER NOT NULL CHECK (price_cents >= 0)
  )`,
];

/** The rows of a new database. */
export const FIRST_PRODUCTS: readonly FirstRows[] = [{ table: "products", rows: CATALOG }];

/** A page of the products, in the order of their ids, and the number of all products. */
export async function listProducts(db: D1Database, page: Page): Promise<{ items: Product[]; total: number }> {
  const [rows, count] = await db.batch<Row & { total: number }>([
    db.prepare("SELECT * FROM products ORDER BY id LIMIT ? OFFSET ?").bind(page.limit, page.offset),
    db.prepare("SELECT count(*) AS total FROM products"),
  ]);
  return { items: (rows?.results ?? []).map(toProduct), total: count?.results[0]?.total ?? 0 };
}

/** A product. `undefined` if there is no such product. */
export async function findProduct(db: D1Database, id: number): Promise<Product | undefined> {
  const row = await db.prepare("SELECT * FROM products WHERE id = ?").bind(id).first<Row>();
  return row ? toProduct(row) : undefined;
}

/** Adds a product. `undefined` if another product has its SKU. */
export async function createProduct(db: D1Database, input: ProductInput): Promise<Product | undefined> {
  const row = await db
    .prepare(
      `INSERT INTO products (sku, name, description, price_cents) VALUES (?, ?, ?, ?)
       ON CONFLICT (sku) DO NOTHING RETURNING *`,
    )
    .bind(input.sku, input.name, input.description, input.priceCents)
    .first<Row>();
  return row ? toProduct(row) : undefined;
}

/** Replaces a product. `undefined` if there is no such product, or if another product has its SKU. */
export async function replaceProduct(db: D1Database, id: number, input: ProductInput): Promise<Product | undefined> {
  const row = await db
    .prepare(
      `UPDATE products SET sku = ?1, name = ?2, description = ?3, price_cents = ?4
       WHERE id = ?5 AND NOT EXISTS (SELECT 1 FROM products WHERE sku = ?1 AND id <> ?5) RETURNING *`,
    )
    .bind(input.sku, input.name, input.description, input.priceCents, id)
    .first<Row>();
  return row ? toProduct(row) : undefined;
}

/** Deletes a product. `false` if there is no such product. */
export async function deleteProduct(db: D1Database, id: number): Promise<boolean> {
  const { meta } = await db.prepare("DELETE FROM products WHERE id = ?").bind(id).run();
  return meta.changes > 0;
}

interface Row {
  id: number;
  sku: string;
  name: string;
  description: string;
  price_cents: number;
}

function toProduct({ price_cents: priceCents, ...rest }: Row): Product {
  return { ...rest, priceCents, currency: CURRENCY };
}
