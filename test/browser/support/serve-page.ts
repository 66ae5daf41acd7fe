import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves a text as the only page of a server on loopback, with no header that the file itself would not have. */
export async function servePage(text: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end(text));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
