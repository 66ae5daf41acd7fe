import { beforeEach, describe, expect, it, vi } from "vitest";
import { createChallenge } from "../../src/answer/challenge.ts";
import { createEndpoints } from "../../src/endpoints/endpoints.ts";
import { Exchange } from "../../src/exchange.ts";
import { allowedOrigins } from "../../src/http/allowed-origins.ts";
import type { KeyStore } from "../../src/keys/key-store.ts";
import type { CorsPolicy } from "../../src/policy/policy.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { ISSUER_URL, issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { createSigner } from "../support/token/tokens.ts";

const ORIGIN = "https://gw.example";
const DIGEST = `sha256:${"0".repeat(64)}`;
const CORS: CorsPolicy = {
  origins: allowedOrigins(["https://app.example"]),
  maxAgeSeconds: 600,
  exposedHeaders: [],
  credentials: false,
};

let log: Record<string, unknown>[];
beforeEach(() => {
  log = [];
});

/** Sends a request to the endpoints, of the canonical path that its target has unless another one is given. */
async function send(
  request: string,
  { path, cors, keys = new FakeKeyStore(), headers = {} }: SendOptions = {},
): Promise<Response> {
  const [method = "", target = ""] = request.split(" ");
  const policy = policyOf([issuerOf()], {}, cors === undefined ? {} : { cors });
  const context = {
    policy,
    challenge: createChallenge(policy),
    log: (line: object) => log.push(line as Record<string, unknown>),
    version: undefined,
    now: Date.now,
  };
  const exchange = new Exchange(new Request(ORIGIN + target, { method, headers }), context);
  return createEndpoints({ policy, keys, digest: DIGEST })(exchange, path ?? target, () => {});
}

interface SendOptions {
  readonly path?: string;
  readonly cors?: CorsPolicy;
  readonly keys?: KeyStore;
  readonly headers?: Readonly<Record<string, string>>;
}

async function storeWithKeys(): Promise<KeyStore> {
  return new FakeKeyStore(keySetOf((await createSigner("ES256")).key));
}

describe("the endpoints", () => {
  it("answer health with any state of the keys", async () => {
    const response = await send("GET /_gateway/health");
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: "ok" });
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("answer readiness with 200 if each issuer has keys", async () => {
    const response = await send("GET /_gateway/ready", { keys: await storeWithKeys() });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      status: "ready",
      policy: DIGEST,
      issuers: { main: { usable: true, ageSeconds: 0, keyCount: 1 } },
    });
  });

  it("answer readiness with 503 if an issuer has none", async () => {
    const response = await send("GET /_gateway/ready");
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: "not-ready",
      policy: DIGEST,
      issuers: { main: { usable: false, ageSeconds: 0, keyCount: 0 } },
    });
  });

  it("answer protected resource metadata at the gateway's own origin", async () => {
    const response = await send("GET /.well-known/oauth-protected-resource", {
      headers: { "x-forwarded-host": "evil.example" },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      resource: ORIGIN,
      authorization_servers: [ISSUER_URL],
      bearer_methods_supported: ["header"],
    });
  });

  it.each([
    { request: "GET /_gateway/health", route: "/_gateway/health" },
    { request: "POST /_gateway/ready", route: "/_gateway/ready" },
    { request: "GET /.well-known/oauth-protected-resource", route: "/.well-known/oauth-protected-resource" },
    { request: "POST /.well-known/oauth-protected-resource", route: "/.well-known/oauth-protected-resource" },
    { request: "GET /_gateway/unknown", route: undefined },
    { request: "GET /_gateway/health/", route: undefined },
    { request: "GET /_gateway/jwks.json", route: undefined },
    { request: "GET /.well-known/oauth-protected-resource/unknown", route: undefined },
    { request: "POST /.well-known/oauth-protected-resource/unknown", route: undefined },
  ])("carry the request id and log one decision: $request", async ({ request, route }) => {
    const response = await send(request, { headers: { "x-request-id": "request-1" } });
    expect(response.headers.get("x-request-id")).toBe("request-1");
    expect(log).toMatchObject([{ event: "decision", request_id: "request-1", route }]);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("serve no %s", async (method) => {
    for (const path of ["/_gateway/health", "/_gateway/ready", "/.well-known/oauth-protected-resource"]) {
      const response = await send(`${method} ${path}`);
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    }
    expect(log.map(({ reason }) => reason)).toEqual(Array(3).fill("method-not-allowed"));
  });

  it("serve HEAD as GET", async () => {
    expect((await send("HEAD /_gateway/health")).status).toBe(200);
  });

  it.each([
    "/_gateway",
    "/_gateway/health/",
    "/_gateway/HEALTH",
    "/.well-known/oauth-protected-resource/other",
    "/.well-known/oauth-protected-resourceful",
  ])("do not know %s", async (path) => {
    expect((await send(`GET ${path}`)).status).toBe(404);
    expect(log).toMatchObject([{ reason: "route-unknown" }]);
  });

  it("go by the canonical path, not by the spelling of the request", async () => {
    expect((await send("GET /_gateway/%68ealth", { path: "/_gateway/health" })).status).toBe(200);
    expect((await send("GET /_gateway/health", { path: "/_gateway/unknown" })).status).toBe(404);
  });

  it("answer a preflight where the policy has cors, with their methods and once", async () => {
    const headers = { origin: "https://app.example", "access-control-request-method": "GET" };
    const response = await send("OPTIONS /_gateway/health", { cors: CORS, headers });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-methods")).toBe("GET, HEAD");
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(response.headers.has("access-control-expose-headers")).toBe(false);
    expect(log).toMatchObject([{ decision: "allow", status: 204 }]);
  });

  it("answer a bug with a 500", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const keys: KeyStore = {
      of: () => {
        throw new Error("no such issuer");
      },
      refreshAll: async () => {},
    };
    const response = await send("GET /_gateway/ready", { keys });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ type: "https://scopegate.dev/problems/internal-error" });
    expect(logged).toHaveBeenCalledOnce();
    logged.mockRestore();
  });
});
