/**
 * A client library that does DPoP (RFC 9449), tokens of a certified provider. Neither shares code with this project.
 */
import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair } from "jose";
import * as oauth from "oauth4webapi";
import Provider from "oidc-provider";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { call, statusAndReason } from "../../support/e2e/call.ts";
import { fullName, gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startServer, type TestServer } from "../../support/e2e/test-server.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { API } from "../../support/policy/example-policy.ts";

const SCOPE = "read:products";
const NONCE_SECONDS = 2;
const CLIENT: oauth.Client = { client_id: "app" };
/** The tests have no TLS. */
const INSECURE = { [oauth.allowInsecureRequests]: true };

let server: TestServer;
let upstream: TestUpstream;
let gateway: TestGateway;
let keyPair: oauth.CryptoKeyPair;

beforeAll(async () => {
  // The provider warns that this is no production setup.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  vi.spyOn(console, "info").mockImplementation(() => undefined);
  let serve: ReturnType<Provider["callback"]>;
  server = await startServer((request, response) => serve(request, response));
  upstream = await startUpstream();
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const provider = new Provider(server.origin, configuration({ ...(await exportJWK(privateKey)), kid: "key-1" }));
  serve = provider.callback();
  const issuer = { issuer: server.origin, jwksUri: `${server.origin}/jwks`, profile: "rfc9068", audiences: [API] };
  gateway = await startGateway({
    policy: gatewayPolicy({ url: "" }, upstream, {
      issuers: { provider: { ...issuer, binding: { dpop: "required" } } },
      dpop: { nonce: { secret: "NONCES", everySeconds: NONCE_SECONDS } },
      routes: [{ path: "/products", methods: ["GET"], scopes: [SCOPE], senderConstrained: true, upstream: "echo" }],
    }),
    vars: { NONCES: randomBytes(32).toString("hex") },
  });
  keyPair = await oauth.generateKeyPair("ES256");
}, 120_000);

afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all([gateway?.dispose(), upstream?.stop(), server?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
});

function configuration(key: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    jwks: { keys: [{ ...key, alg: "ES256", use: "sig" }] },
    clients: [
      {
        ...CLIENT,
        client_secret: "app-secret",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        scope: SCOPE,
        id_token_signed_response_alg: "ES256",
        dpop_bound_access_tokens: true,
      },
    ],
    scopes: [SCOPE],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => API,
        getResourceServerInfo: () => ({
          scope: SCOPE,
          audience: API,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
  };
}

/** What a client does: once more with the nonce that the refusal brought. Counts the requests. */
async function withNonce<T>(request: () => Promise<T>): Promise<{ readonly answer: T; readonly requests: number }> {
  try {
    return { answer: await request(), requests: 1 };
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return { answer: await request(), requests: 2 };
  }
}

async function tokenOf(handle: oauth.DPoPHandle): Promise<string> {
  const issuer = new URL(server.origin);
  const found = await oauth.discoveryRequest(issuer, INSECURE);
  const as = await oauth.processDiscoveryResponse(issuer, found);
  const { answer } = await withNonce(async () => {
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      CLIENT,
      oauth.ClientSecretBasic("app-secret"),
      { scope: SCOPE, resource: API },
      { ...INSECURE, DPoP: handle },
    );
    return oauth.processClientCredentialsResponse(as, CLIENT, response);
  });
  expect(answer.token_type).toBe("dpop");
  return answer.access_token;
}

function get(token: string, handle: oauth.DPoPHandle) {
  const url = new URL(`${gateway.origin}/products?page=1`);
  return withNonce(() =>
    oauth.protectedResourceRequest(token, "GET", url, undefined, null, { ...INSECURE, DPoP: handle }),
  );
}

it("the client gets a nonce, uses it again, and follows when it changes", async () => {
  const handle = oauth.DPoP(CLIENT, keyPair);
  const token = await tokenOf(handle);
  const first = await get(token, handle);
  expect(first).toMatchObject({ answer: { status: 200 }, requests: 2 });
  expect(upstream.received[0]?.headers).toMatchObject({ "x-auth-scopes": fullName(SCOPE) });
  expect(upstream.received[0]?.headers).not.toHaveProperty("dpop");
  const told = new Set<string | null>();
  for (let call = 0; call < 12; call += 1) {
    // The client sends often enough to be told each nonce in an answer, so no request is refused again.
    const { answer, requests } = await get(token, handle);
    expect([answer.status, requests]).toEqual([200, 1]);
    const nonce = answer.headers.get("dpop-nonce");
    if (nonce !== null) {
      told.add(nonce);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  expect(told.size).toBeGreaterThanOrEqual(1);
  // After two changes the nonce has run out: one more refusal.
  await new Promise((resolve) => setTimeout(resolve, NONCE_SECONDS * 2_000));
  expect(await get(token, handle)).toMatchObject({ answer: { status: 200 }, requests: 2 });
}, 60_000);

it("another client with the stolen token, and the token as a bearer token, are refused", async () => {
  const token = await tokenOf(oauth.DPoP(CLIENT, keyPair));
  const thief = oauth.DPoP(CLIENT, await oauth.generateKeyPair("ES256"));
  await expect(get(token, thief)).rejects.toBeInstanceOf(oauth.WWWAuthenticateChallengeError);
  const answer = await call(gateway.origin, "GET /products", { token });
  expect(statusAndReason(answer)).toBe("401 token-binding-mismatch");
  expect(upstream.received).toEqual([]);
});
