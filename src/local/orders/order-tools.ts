import * as v from "valibot";
import type { Caller } from "./caller.ts";
import { JSON_RPC, type JsonObject, RpcError } from "./json-rpc.ts";
import { Items } from "./order-items.ts";
import { changeOrder, createOrder, deleteOrder, findOrder, listOrders, type Order, priceItems } from "./order-store.ts";

/** A tool, with what it does. */
interface OrderTool {
  readonly description: string;
  /** JSON Schema of its arguments, for clients. */
  readonly inputSchema: JsonObject;
  /** Whether it changes nothing. A hint for clients. */
  readonly readOnly: boolean;
  /**
   * Returns what the tool found, or a text that says why there is nothing. Throws `RpcError` for unusable arguments.
   */
  readonly call: (given: unknown, caller: Caller) => Promise<object | string>;
}

const NO_ORDER = "There is no such order.";
const OrderId = v.strictObject({ id: v.pipe(v.string(), v.maxLength(64)) });
const NewOrder = v.strictObject({ items: Items });
const Limit = v.strictObject({
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20),
});

const NO_EXTRAS = { type: "object", additionalProperties: false } as const;
const ID_SCHEMA = { ...NO_EXTRAS, properties: { id: { type: "string" } }, required: ["id"] };
const ITEM_SCHEMA = {
  ...NO_EXTRAS,
  properties: { productId: { type: "integer", minimum: 1 }, quantity: { type: "integer", minimum: 1 } },
  required: ["productId", "quantity"],
};

/** The tools of the order service, by name. Each sees the caller's own orders only. */
export const ORDER_TOOLS: ReadonlyMap<string, OrderTool> = new Map<string, OrderTool>([
  [
    "list_orders",
    {
      description: "Lists your orders, newest first.",
      inputSchema: { ...NO_EXTRAS, properties: { limit: { type: "integer", minimum: 1, maximum: 100 } } },
      readOnly: true,
      call: (given, { db, subject }) => listOrders(db, subject, { offset: 0, ...argumentsAs(Limit, given) }),
    },
  ],
  [
    "get_order",
    {
      description: "Shows one of your orders.",
      inputSchema: ID_SCHEMA,
      readOnly: true,
      call: async (given, { db, subject }) =>
        (await findOrder(db, subject, argumentsAs(OrderId, given).id)) ?? NO_ORDER,
    },
  ],
  [
    "create_order",
    {
      description: "Places an order. The shop sets the prices.",
      inputSchema: {
        ...NO_EXTRAS,
        properties: { items: { type: "array", minItems: 1, maxItems: 50, items: ITEM_SCHEMA } },
        required: ["items"],
      },
      readOnly: false,
      async call(given, { db, subject }) {
        const priced = await priceItems(db, argumentsAs(NewOrder, given).items);
        return typeof priced === "number" ? "There is no such product." : createOrder(db, subject, priced);
      },
    },
  ],
  [
    "cancel_order",
    {
      description: "Cancels one of your orders. It stays in the list.",
      inputSchema: ID_SCHEMA,
      readOnly: false,
      call: (given, caller) => cancel(argumentsAs(OrderId, given).id, caller),
    },
  ],
  [
    "delete_order",
    {
      description: "Deletes one of your orders for good.",
      inputSchema: ID_SCHEMA,
      readOnly: false,
      async call(given, { db, subject }) {
        const { id } = argumentsAs(OrderId, given);
        return (await deleteOrder(db, subject, id)) ? { deleted: id } : NO_ORDER;
      },
    },
  ],
]);

async function cancel(id: string, { db, subject }: Caller): Promise<Order | string> {
  const present = await findOrder(db, subject, id);
  if (present === undefined) return NO_ORDER;
  const { items } = present;
  return (await changeOrder(db, subject, id, { status: "cancelled", items })) ?? "The order is cancelled already.";
}

function argumentsAs<T extends v.GenericSchema>(schema: T, given: unknown): v.InferOutput<T> {
  const result = v.safeParse(schema, given ?? {});
  if (result.success) return result.output;
  throw new RpcError(JSON_RPC.invalidParams, `The arguments are not valid: ${result.issues[0].message}`);
}
