import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";

/** An answer: a JSON value with status 200, or a function that writes the response itself, or never does. */
export type LoopbackAnswer = object | ((response: ServerResponse) => void);

/** A server on loopback that stands for an issuer. Closed by `await using`. */
export interface LoopbackIssuer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Paths that were asked for, in their order. */
  readonly asked: readonly string[];
  /** Sets the answer to a path. All others are 404. */
  answer(path: string, answer: LoopbackAnswer): void;
}

export async function startLoopbackIssuer(): Promise<LoopbackIssuer> {
  const answers = new Map<string, LoopbackAnswer>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const answer = answers.get(path);
    if (typeof answer === "function") answer(response);
    else if (answer === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    answer: (path, answer) => void answers.set(path, answer),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A key set with one public key for an algorithm. */
export async function keySetFor(algorithm: string): Promise<{ readonly keys: readonly object[] }> {
  const { publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { keys: [{ ...(await exportJWK(publicKey)), kid: "one", alg: algorithm, use: "sig" }] };
}
