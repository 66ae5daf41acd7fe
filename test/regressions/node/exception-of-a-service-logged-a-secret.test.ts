/**
 * The decision line repeated the exception of a bound Worker, and with it whatever that Worker quoted: the secret that
 * the gateway had sent it, as it is or encoded.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { call, statusAndReason } from "../../support/e2e/call.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";

const SECRET = "s3cr3t-of-the-origin";
const QUOTES = `
export default {
  async fetch(request) {
    const key = request.headers.get("x-key");
    throw new TypeError("bad key " + key + ", in base64 " + btoa(key));
  },
};`;

let gateway: TestGateway;
beforeAll(async () => {
  const headers = { "x-key": { secret: "KEY" } };
  gateway = await startGateway({
    policy: {
      upstreams: { stock: { service: "QUOTES", headers }, erp: { url: "http://erp.internal", via: "QUOTES", headers } },
      routes: ["stock", "erp"].map((name) => ({ path: `/${name}`, methods: ["*"], public: true, upstream: name })),
    },
    vars: { KEY: SECRET },
    services: { QUOTES: "quotes" },
    workers: [{ name: "quotes", script: QUOTES }],
  });
});
afterAll(() => gateway?.dispose());

it.each(["GET /stock", "POST /stock", "GET /erp", "POST /erp"])("%s", async (request) => {
  const id = request.replace(" /", ".");
  const answer = await call(gateway.origin, request, { headers: { "x-request-id": id } });
  expect(statusAndReason(answer)).toBe("502 upstream-unreachable");
  expect(await gateway.decision(id)).toMatchObject({
    detail: "The request through QUOTES failed. What the other end says of it may repeat a secret.",
  });
  const own = JSON.stringify([answer, gateway.logs.filter(({ worker }) => worker === "gateway")]);
  for (const form of [SECRET, btoa(SECRET).replace(/=+$/, "")]) expect(own).not.toContain(form);
});
