import { LOCAL_TOKEN_URL } from "../../local/addresses.ts";
import type { Stack } from "../../local/stack.ts";

/** The first output of `npm run dev`: the addresses, and three commands to paste. */
export function formatWelcome({ urls, issuerUrl, tokenUrl }: Pick<Stack, "urls" | "issuerUrl" | "tokenUrl">): string {
  const tokenOption = tokenUrl === LOCAL_TOKEN_URL ? "" : ` --token-url ${tokenUrl}`;
  return `
Scopegate listens on ${urls.gateway}

  issuer    ${issuerUrl}
  products  ${urls.products}
  orders    ${urls.orders}

Get a token of the client "customer", which may only read. Make an allowed call, then a refused one:

  TOKEN=$(npm run --silent token -- --client customer${tokenOption})
  curl -i -H "Authorization: Bearer $TOKEN" ${urls.gateway}/products
  curl -i -H "Authorization: Bearer $TOKEN" ${urls.gateway}/orders -d '{}'

Changes to routes.json, wrangler.toml and src are reloaded. Ctrl-C stops. Decisions:
`;
}
