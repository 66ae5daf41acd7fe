import { LOCAL_TOKEN_URL } from "../../local/addresses.ts";
import type { Stack } from "../../local/stack.ts";

/** What `npm run dev` says at first: the addresses, and three commands to paste. */
export function formatWelcome({ urls, issuerUrl, tokenUrl }: Pick<Stack, "urls" | "issuerUrl" | "tokenUrl">): string {
  const tokenOption = tokenUrl === LOCAL_TOKEN_URL ? "" : ` --token-url ${tokenUrl}`;
  return `
Scopegate listens on ${urls.gateway}

  issuer    ${issuerUrl}
  products  ${urls.products}
  orders    ${urls.orders}

A token of the client "customer", which may read; a call that is allowed; one that is refused:

  TOKEN=$(npm run --silent token -- --client customer${tokenOption})
  curl -i -H "Authorization: Bearer $TOKEN" ${urls.gateway}/products
  curl -i -H "Authorization: Bearer $TOKEN" ${urls.gateway}/orders -d '{}'

routes.json, wrangler.toml and src are watched. Ctrl-C stops. Decisions:
`;
}
