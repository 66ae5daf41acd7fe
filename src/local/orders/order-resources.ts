import { CATALOG, CURRENCY } from "../catalog.ts";
import type { Caller } from "./caller.ts";
import { JSON_RPC, type JsonObject, RpcError } from "./json-rpc.ts";
import { findOrder } from "./order-store.ts";

const PRICES = "orders://prices";
const ORDER = "orders://by-id/";
const mimeType = "application/json";

/** The resources that clients can list. */
export const RESOURCES: readonly JsonObject[] = [
  { uri: PRICES, name: "prices", description: "What each product costs.", mimeType },
];

/** The forms of URIs of the others. */
export const RESOURCE_TEMPLATES: readonly JsonObject[] = [
  { uriTemplate: `${ORDER}{id}`, name: "order", description: "One of your orders.", mimeType },
];

/** The contents of a resource. Throws `RpcError` if the caller has no such resource. */
export async function readResource(uri: unknown, { db, subject }: Caller): Promise<readonly JsonObject[]> {
  const found = uri === PRICES ? prices() : await orderAt(uri, { db, subject });
  if (found === undefined) throw new RpcError(JSON_RPC.invalidParams, "There is no such resource.");
  return [{ uri, mimeType, text: JSON.stringify(found) }];
}

async function orderAt(uri: unknown, { db, subject }: Caller): Promise<object | undefined> {
  if (typeof uri !== "string" || !uri.startsWith(ORDER)) return undefined;
  return findOrder(db, subject, uri.slice(ORDER.length));
}

function prices(): JsonObject {
  return {
    currency: CURRENCY,
    prices: CATALOG.map(({ id, sku, price_cents }) => ({ id, sku, priceCents: price_cents })),
  };
}
