import type { Prover } from "./proofs.ts";

/** How many headers a request has, `Host` and `Authorization` included. */
export const HEADER_COUNTS = [3, 25] as const;
export type HeaderCount = (typeof HEADER_COUNTS)[number];

/** Further headers of a browser behind a CDN. A gateway may drop none of them. */
const FURTHER: readonly string[] = [
  "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  "accept-encoding: gzip, br",
  "accept-language: en-GB,en;q=0.9,de;q=0.8",
  "cache-control: no-cache",
  "pragma: no-cache",
  "origin: https://shop.myecommerce.com",
  "referer: https://shop.myecommerce.com/catalogue?page=2",
  'sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"',
  "sec-ch-ua-mobile: ?0",
  'sec-ch-ua-platform: "Linux"',
  "sec-fetch-dest: empty",
  "sec-fetch-mode: cors",
  "sec-fetch-site: same-site",
  "priority: u=1, i",
  "dnt: 1",
  "cookie: session=1f0c5f2e8a; theme=dark; consent=all",
  "if-none-match: W/5f2e8a1f",
  "cf-ray: 8f0c5f2e8a1f-FRA",
  "cf-ipcountry: DE",
  'cf-visitor: {"scheme":"https"}',
  "cdn-loop: cloudflare",
  "x-client-version: 4.12.0",
];

/**
 * Makes the text of a request for a token.
 *
 * @param host of the upstream: what a bare Worker passes the request on to
 * @param prover sends tokens with proofs, one header more; left out: as bearer tokens
 */
export function requestWriter(
  host: string,
  headers: HeaderCount,
  prover?: Prover,
): (token: string | undefined) => string {
  const before = `GET /products?page=2 HTTP/1.1\r\nhost: ${host}\r\naccept: application/json\r\n`;
  const after = `${FURTHER.slice(0, headers - 3)
    .map((line) => `${line}\r\n`)
    .join("")}\r\n`;
  const credentials = (token: string): string =>
    prover === undefined
      ? `authorization: Bearer ${token}\r\n`
      : `authorization: DPoP ${token}\r\ndpop: ${prover.prove(`http://${host}/products`, token)}\r\n`;
  return (token) => before + (token === undefined ? "" : credentials(token)) + after;
}
