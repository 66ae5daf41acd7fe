import { LOOPBACK } from "./ports.ts";

/** The Workers of the local stack that have an address. The last two run only for the policy of the running example. */
export type StackWorker = "gateway" | "issuer" | "products" | "orders";

/** The ports of `npm run dev`. */
export const STACK_PORTS: Readonly<Record<StackWorker, number>> = {
  gateway: 8787,
  issuer: 8788,
  products: 8789,
  orders: 8790,
};

/** The port of the console, next to those of the stack. */
export const CONSOLE_PORT = 8791;

/** The token endpoint of `npm run dev`. */
export const LOCAL_TOKEN_URL = `http://${LOOPBACK}:${STACK_PORTS.issuer}/oauth2/token`;

/** A free port for each Worker. */
export const FREE_PORTS: Readonly<Record<StackWorker, number>> = { gateway: 0, issuer: 0, products: 0, orders: 0 };
