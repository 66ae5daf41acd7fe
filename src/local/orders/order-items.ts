import * as v from "valibot";

const MAX_ITEMS = 50;
const MAX_QUANTITY = 1000;

/** The items of an order, as a caller sends them. Whether the products exist is not checked. */
export const Items = v.pipe(
  v.array(
    v.strictObject({
      productId: v.pipe(v.number(), v.integer(), v.minValue(1)),
      quantity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_QUANTITY)),
    }),
  ),
  v.minLength(1),
  v.maxLength(MAX_ITEMS),
);
