import type { D1Database } from "@cloudflare/workers-types/index.ts";
import { CATALOG, CURRENCY } from "../catalog.ts";
import type { Page } from "../common/parse-page.ts";
import type { FirstRows } from "../common/with-database.ts";

/** An item as a caller orders it. */
export interface OrderItem {
  readonly productId: number;
  readonly quantity: number;
}

/** An item with its price at the time of the order. */
export interface PricedItem extends OrderItem {
  readonly unitPriceCents: number;
}

/** The status of an order. `cancelled` is final. */
export type OrderStatus = "placed" | "cancelled";

/** An order as the service returns it. */
export interface Order {
  /** A UUID. */
  readonly id: string;
  readonly status: OrderStatus;
  /** The items with their prices at the time of the order. */
  readonly items: readonly PricedItem[];
  readonly totalCents: number;
  readonly currency: string;
  /** When the order was created: ISO 8601, UTC. */
  readonly createdAt: string;
}

/** The tables of the order service's database. */
export const ORDER_TABLES = [
  "CREATE TABLE IF NOT EXISTS prices (product_id INTEGER PRIMARY KEY, unit_price_cents INTEGER NOT NULL)",
  `CREATE TABLE IF NOT EXISTS orders (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    status TEXT NOT NULL,
    items TEXT NOT NULL,
    created_at TEXT NOT NULL
  )`,
  "CREATE INDEX IF NOT EXISTS orders_by_subject ON orders (subject, created_at)",
];

/** The service's own price list. Prices never come from a caller. */
export const FIRST_PRICES: readonly FirstRows[] = [
  {
    table: "prices",
    rows: CATALOG.map(({ id, price_cents }) => ({ product_id: id, unit_price_cents: price_cents })),
  },
];

/** The items with their current prices, or the index of the first item whose product has no price. */
export async function priceItems(db: D1Database, items: readonly OrderItem[]): Promise<PricedItem[] | number> {
  const { results } = await db.prepare("SELECT * FROM prices").all<{ product_id: number; unit_price_cents: number }>();
  const prices = new Map(results.map((row) => [row.product_id, row.unit_price_cents]));
  const priced: PricedItem[] = [];
  for (const [index, item] of items.entries()) {
    const unitPriceCents = prices.get(item.productId);
    if (unitPriceCents === undefined) return index;
    priced.push({ ...item, unitPriceCents });
  }
  return priced;
}

/** A page of a subject's orders, newest first. Like all functions here, it never touches the orders of others. */
export async function listOrders(
  db: D1Database,
  subject: string,
  page: Page,
): Promise<{ items: Order[]; total: number }> {
  const [rows, count] = await db.batch<Row & { total: number }>([
    db
      .prepare("SELECT * FROM orders WHERE subject = ? ORDER BY created_at DESC, id LIMIT ? OFFSET ?")
      .bind(subject, page.limit, page.offset),
    db.prepare("SELECT count(*) AS total FROM orders WHERE subject = ?").bind(subject),
  ]);
  return { items: (rows?.results ?? []).map(toOrder), total: count?.results[0]?.total ?? 0 };
}

/** An order of the subject. `undefined` if the subject has no such order. */
export async function findOrder(db: D1Database, subject: string, id: string): Promise<Order | undefined> {
  const row = await db.prepare("SELECT * FROM orders WHERE id = ? AND subject = ?").bind(id, subject).first<Row>();
  return row ? toOrder(row) : undefined;
}

/** Places an order for the subject. */
export async function createOrder(db: D1Database, subject: string, items: readonly PricedItem[]): Promise<Order> {
  const row: Row = {
    id: crypto.randomUUID(),
    status: "placed",
    items: JSON.stringify(items),
    created_at: new Date().toISOString(),
  };
  await db
    .prepare("INSERT INTO orders (id, subject, status, items, created_at) VALUES (?, ?, ?, ?, ?)")
    .bind(row.id, subject, row.status, row.items, row.created_at)
    .run();
  return toOrder(row);
}

/** Changes an order. `undefined` if the subject has no such order, or if it is cancelled, which is final. */
export async function changeOrder(
  db: D1Database,
  subject: string,
  id: string,
  change: Pick<Order, "status" | "items">,
): Promise<Order | undefined> {
  const row = await db
    .prepare(
      "UPDATE orders SET status = ?, items = ? WHERE id = ? AND subject = ? AND status <> 'cancelled' RETURNING *",
    )
    .bind(change.status, JSON.stringify(change.items), id, subject)
    .first<Row>();
  return row ? toOrder(row) : undefined;
}

/** Deletes an order. `false` if the subject has no such order. */
export async function deleteOrder(db: D1Database, subject: string, id: string): Promise<boolean> {
  const { meta } = await db.prepare("DELETE FROM orders WHERE id = ? AND subject = ?").bind(id, subject).run();
  return meta.changes > 0;
}

interface Row {
  id: string;
  status: OrderStatus;
  items: string;
  created_at: string;
}

function toOrder(row: Row): Order {
  const items = JSON.parse(row.items) as PricedItem[];
  return {
    id: row.id,
    status: row.status,
    items,
    totalCents: items.reduce((total, { quantity, unitPriceCents }) => total + quantity * unitPriceCents, 0),
    currency: CURRENCY,
    createdAt: row.created_at,
  };
}
