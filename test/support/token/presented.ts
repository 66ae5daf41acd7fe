import type { PresentedRequest } from "../../../src/token/authenticate.ts";

/** A request that presents a token. @param cf `request.cf`, of any form */
export function presentedOf(cf?: unknown): PresentedRequest {
  const url = new URL("https://gw.example/orders");
  const request = Object.defineProperty(new Request(url), "cf", { value: cf });
  return { request, method: request.method, headers: request.headers, url, origin: url.origin, path: url.pathname };
}
