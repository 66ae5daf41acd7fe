/** The first products. Both services start with them, so that the order service knows the price of each product. */
export const CATALOG = [
  { id: 1, sku: "mug-blue", name: "Blue mug", description: "Stoneware, 350 ml.", price_cents: 1290 },
  { id: 2, sku: "tee-black-m", name: "Black T-shirt, M", description: "Organic cotton.", price_cents: 2450 },
  { id: 3, sku: "notebook-a5", name: "Notebook A5", description: "192 dotted pages.", price_cents: 990 },
  { id: 4, sku: "lamp-desk", name: "Desk lamp", description: "Brass, with a dimmer.", price_cents: 8900 },
] as const;

/** ISO 4217 code of every price. */
export const CURRENCY = "EUR";
