import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningWorkers } from "../../../src/local/miniflare.ts";
import { rawRequest } from "../../../src/local/raw-request.ts";
import { requestToken, TokenRefusedError } from "../../../src/local/request-token.ts";
import { send, startService } from "../../support/local/service-client.ts";
import { shopIssuers } from "../../support/local/shop-stack.ts";

const ISSUER = "http://issuer.test/local_pool";
const SCOPES = "https://api.myecommerce.com";
const vars = { ISSUERS: shopIssuers("http://issuer.test") };

let issuer: RunningWorkers;
let origin: string;

beforeAll(async () => {
  issuer = await startService("issuer", { vars });
  origin = String(issuer.urls["issuer"]);
});
afterAll(() => issuer.dispose());

const tokenOf = (client: string, scopes: string[] = [], at = origin) =>
  requestToken({ tokenUrl: `${at}/oauth2/token`, clientId: client, clientSecret: `${client}-secret`, scopes });

/** Verifies with the keys that are published now. */
const verify = (token: string, at = origin) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${at}/local_pool/.well-known/jwks.json`)), { issuer: ISSUER });

describe("a token", () => {
  it("has the header and the claims of Cognito's, and no others", async () => {
    const token = await tokenOf("customer");
    expect(decodeProtectedHeader(token)).toEqual({ kid: expect.any(String), alg: "RS256" });
    const claims = decodeJwt(token);
    expect(claims).toEqual({
      sub: "customer",
      client_id: "customer",
      token_use: "access",
      scope: `${SCOPES}/read:products ${SCOPES}/read:orders`,
      iss: ISSUER,
      version: 2,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: claims["auth_time"],
      auth_time: expect.any(Number),
      exp: Number(claims.iat) + 3600,
    });
  });

  it("verifies with the published keys", async () => {
    const { payload } = await verify(await tokenOf("admin", [`${SCOPES}/write:orders`]));
    expect(payload["scope"]).toBe(`${SCOPES}/write:orders`);
  });

  it("is answered as RFC 6749 5.1 wants it", async () => {
    const response = await fetch(`${origin}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: "admin",
        client_secret: "admin-secret",
      }),
    });
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({ access_token: expect.any(String), expires_in: 3600, token_type: "Bearer" });
  });
});

describe("a refusal", () => {
  it("is a 400 with the error code alone", async () => {
    const answer = await send(origin, "POST /oauth2/token", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect([answer.status, answer.body]).toEqual([400, { error: "invalid_request" }]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("refuses a body that is not form-encoded", async () => {
    const answer = await send(origin, "POST /oauth2/token", { json: { grant_type: "client_credentials" } });
    expect([answer.status, answer.body]).toEqual([400, { error: "invalid_request" }]);
  });

  it("is a 401 with a challenge when the header's credentials are wrong", async () => {
    const response = await fetch(`${origin}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials" }),
      headers: { authorization: `Basic ${btoa("customer:guess")}` },
    });
    expect([response.status, await response.json()]).toEqual([401, { error: "invalid_client" }]);
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="local issuer"');
  });

  it("tells a scope that the client may not be granted", async () => {
    const refusal = tokenOf("customer", [`${SCOPES}/write:orders`]);
    await expect(refusal).rejects.toEqual(new TokenRefusedError(400, "invalid_scope"));
  });
});

describe("metadata", () => {
  it("lists two public keys, each with what Cognito says of it", async () => {
    const { body } = await send(origin, "GET /local_pool/.well-known/jwks.json");
    const key = { alg: "RS256", e: "AQAB", kid: expect.any(String), kty: "RSA", n: expect.any(String), use: "sig" };
    expect(body).toEqual({ keys: [key, key] });
  });

  it("names issuer, keys and endpoints", async () => {
    const { body } = await send(origin, "GET /local_pool/.well-known/openid-configuration");
    expect(body).toMatchObject({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      authorization_endpoint: `${origin}/oauth2/authorize`,
      token_endpoint: `${origin}/oauth2/token`,
    });
    // The issuer has no users, but clients refuse metadata without the address.
    expect((await send(origin, "GET /oauth2/authorize?response_type=code")).status).toBe(400);
  });

  it("is not there for another pool", async () => {
    expect((await send(origin, "GET /other_pool/.well-known/jwks.json")).status).toBe(404);
  });
});

describe("key rotation", () => {
  it("keeps the tokens of the last key through one overlapping rotation, and not through two", async () => {
    const token = await tokenOf("customer");
    await send(origin, "POST /admin/rotate?mode=overlap");
    const next = await tokenOf("customer");
    expect(decodeProtectedHeader(next).kid).not.toBe(decodeProtectedHeader(token).kid);
    await verify(token);
    await verify(next);
    await send(origin, "POST /admin/rotate?mode=overlap");
    await expect(verify(token)).rejects.toThrow("no applicable key");
    await verify(next);
  });

  it("ends every earlier token at once in a hard rotation", async () => {
    const token = await tokenOf("customer");
    expect((await send(origin, "POST /admin/rotate?mode=hard")).status).toBe(204);
    await expect(verify(token)).rejects.toThrow("no applicable key");
    await verify(await tokenOf("customer"));
  });

  it("refuses an unknown mode", async () => {
    expect((await send(origin, "POST /admin/rotate?mode=soft")).status).toBe(400);
  });
});

it("signs any claims for tests", async () => {
  const { body } = await send(origin, "POST /admin/sign", { json: { iss: ISSUER, exp: 1 } });
  const { access_token } = body as { access_token: string };
  expect(decodeJwt(access_token)).toEqual({ iss: ISSUER, exp: 1 });
  await expect(verify(access_token)).rejects.toThrow(/"exp" claim/);
});

describe("the host that a caller names", () => {
  const ask = async (method: string, path: string, host: string) => {
    const headers = { host, "content-type": "application/json" };
    return (await rawRequest({ origin, method, path, headers, ...(method === "POST" && { body: "{}" }) })).status;
  };

  it.each(["POST /oauth2/token", "POST /admin/rotate", "POST /admin/sign", "POST /nothing"])(
    "must be a loopback host for %s: a page's own name may lead to loopback",
    async (request) => {
      const [method = "", path = ""] = request.split(" ");
      for (const host of ["rebound.example", "rebound.example:8788", "127.0.0.1.example", "localhost.example"]) {
        expect(await ask(method, path, host)).toBe(421);
      }
    },
  );

  it.each(["127.0.0.1", "localhost:8788", "LOCALHOST", "[::1]:8788"])("may be %s", async (host) => {
    expect(await ask("POST", "/admin/sign", host)).toBe(200);
  });

  it("does not matter for public keys", async () => {
    expect(await ask("GET", "/local_pool/.well-known/jwks.json", "issuer.example")).toBe(200);
  });
});

it("keeps its keys over a restart when its state is kept", async () => {
  const persist = await mkdtemp(join(tmpdir(), "scopegate-"));
  const first = await startService("issuer", { vars, persist });
  const token = await tokenOf("customer", [], String(first.urls["issuer"]));
  await first.dispose();
  const second = await startService("issuer", { vars, persist });
  await verify(token, String(second.urls["issuer"]));
  await second.dispose();
  await rm(persist, { recursive: true });
});
