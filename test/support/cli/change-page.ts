import type { RunningConsole } from "../../../src/cli/console/start-console.ts";
import { exampleFile } from "./run-scopegate.ts";

/** The policy before. */
export const OLD = exampleFile({
  guarantees: [
    { name: "customers only read", clients: ["customer"], except: [{ methods: ["GET"] }], never: true },
    { name: "orders stay there", under: ["/orders"], upstream: "orders" },
  ],
});
const { routes } = OLD;
/** The policy now: it opens, loosens, tightens, moves, adds and removes something. */
export const NEW = {
  ...OLD,
  realm: "shop",
  clients: { ...OLD.clients, customer: { name: "The app", scopes: ["read:products", "write:orders"] } },
  routes: [
    { path: "/products", methods: ["GET"], public: true, upstream: "products" },
    {
      path: "/products",
      methods: ["POST"],
      scopes: { anyOf: ["write:products", "write:orders"] },
      upstream: "products",
    },
    { path: "/orders", methods: ["GET"], scopes: ["read:orders", "read:products"], upstream: "orders" },
    { path: "/orders", methods: ["POST"], scopes: { allOf: ["write:orders", "read:orders"] }, upstream: "orders" },
    { path: "/invoices", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
    ...routes.slice(6),
  ],
};

/** The page, once the comparison is done. */
export async function pageAt(
  console: RunningConsole,
  query = "",
): Promise<{ readonly status: number; readonly text: string }> {
  for (;;) {
    const response = await fetch(`${console.url}/change${query}`);
    const text = await response.text();
    if (!text.includes("data-computing")) return { status: response.status, text };
  }
}

/** The text of HTML without its elements, with one space between words. */
export function plain(text: string): string {
  const shown = text
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"');
  return shown.replaceAll("&amp;", "&").replaceAll(/\s+/g, " ");
}
