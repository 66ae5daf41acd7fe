/**
 * The decision line repeated the exception of a bound Worker, and with it everything that the Worker quoted: the secret
 * that the gateway had sent it, as it is or encoded. So did the runtime's own line about a body that broke off, where
 * the upstream has a limit for pauses.
 */
import { once } from "node:events";
import { afterAll, beforeAll, expect, it } from "vitest";
import { call, statusAndReason } from "../../support/e2e/call.ts";
import { openSocket } from "../../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";

const SECRET = "s3cr3t-of-the-origin";
const QUOTES = `
export default {
  async fetch(request) {
    const key = request.headers.get("x-key");
    const error = new TypeError("bad key " + key + ", in base64 " + btoa(key));
    if (!request.url.includes("/body")) throw error;
    const { readable, writable } = new IdentityTransformStream();
    const writer = writable.getWriter();
    writer.write(new TextEncoder().encode("a part")).then(() => writer.abort(error));
    return new Response(readable);
  },
};`;

let gateway: TestGateway;
beforeAll(async () => {
  const headers = { "x-key": { secret: "KEY" } };
  gateway = await startGateway({
    policy: {
      upstreams: {
        stock: { service: "QUOTES", headers },
        erp: { url: "http://erp.internal", via: "QUOTES", headers },
        limited: { service: "QUOTES", headers, idleTimeoutMs: 5_000 },
      },
      routes: ["stock", "erp", "limited"].flatMap((upstream) =>
        [`/${upstream}`, `/${upstream}/body`].map((path) => ({ path, methods: ["*"], public: true, upstream })),
      ),
    },
    vars: { KEY: SECRET },
    services: { QUOTES: "quotes" },
    workers: [{ name: "quotes", script: QUOTES }],
  });
});
afterAll(() => gateway?.dispose());

function expectNoSecret(answer: unknown): void {
  const own = JSON.stringify([answer, gateway.logs.filter(({ worker }) => worker === "gateway")]);
  for (const form of [SECRET, btoa(SECRET).replace(/=+$/, "")]) expect(own).not.toContain(form);
}

it.each(["GET /stock", "POST /stock", "GET /erp", "POST /erp", "GET /limited"])("not any more: %s", async (request) => {
  const id = request.replace(" /", ".");
  const answer = await call(gateway.origin, request, { headers: { "x-request-id": id } });
  expect(statusAndReason(answer)).toBe("502 upstream-unreachable");
  expect(await gateway.decision(id)).toMatchObject({
    detail: "The request through QUOTES failed. What the other end says of it may repeat a secret.",
  });
  expectNoSecret(answer);
});

it.each(["/stock/body", "/erp/body", "/limited/body"])("not any more, by a body that breaks off: %s", async (path) => {
  const socket = await openSocket(gateway.origin);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: gateway.example\r\nX-Request-Id: ${path.slice(1, 4)}\r\n\r\n`);
  await once(socket.resume(), "close");
  expect(await gateway.decision(path.slice(1, 4))).toMatchObject({ status: 200 });
  const ofWorker = () => JSON.stringify(gateway.logs.filter(({ worker }) => worker === "quotes"));
  await expect.poll(ofWorker).toContain(SECRET);
  expectNoSecret(undefined);
});
