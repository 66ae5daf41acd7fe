import type { Prover } from "./proofs.ts";

/** How many headers a request has, `Host` and `Authorization` included. */
export const HEADER_COUNTS = [3, 25] as const;
export type HeaderCount = (typeof HEADER_COUNTS)[number];

/** What is asked for. */
export interface RequestForm {
  readonly method: "GET" | "POST";
  readonly target: string;
  /** JSON in ASCII. */
  readonly body?: string;
  /** Header lines besides `Host`, `Accept` and those of the body. */
  readonly headerLines?: readonly string[];
}

const READ_PRODUCTS: RequestForm = { method: "GET", target: "/products?page=2" };

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

/** How requests to a gateway are written. */
export interface RequestOptions {
  /** Left out: the products are read. */
  readonly form?: RequestForm | undefined;
  /** Sends tokens with proofs, one header more. Left out: as bearer tokens. */
  readonly prover?: Prover | undefined;
}

/**
 * Makes the text of a request for a token.
 *
 * @param host of the upstream: what a bare Worker passes the request on to
 * @param headers how many, without those of a body and without a proof
 */
export function requestWriter(
  host: string,
  headers: HeaderCount,
  { form = READ_PRODUCTS, prover }: RequestOptions = {},
): (token: string | undefined) => string {
  const { method, target, body, headerLines = [] } = form;
  const lines = (texts: readonly string[]): string => texts.map((line) => `${line}\r\n`).join("");
  const before = lines([`${method} ${target} HTTP/1.1`, `host: ${host}`, "accept: application/json"]);
  const content = body === undefined ? [] : ["content-type: application/json", `content-length: ${body.length}`];
  const after = `${lines([...FURTHER.slice(0, headers - 3), ...headerLines, ...content])}\r\n${body ?? ""}`;
  const uri = `http://${host}${target.split("?")[0]}`;
  const credentials = (token: string): string =>
    prover === undefined
      ? `authorization: Bearer ${token}\r\n`
      : `authorization: DPoP ${token}\r\ndpop: ${prover.prove(uri, token)}\r\n`;
  return (token) => before + (token === undefined ? "" : credentials(token)) + after;
}
