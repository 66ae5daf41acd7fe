/**
 * Tokens that a certified OpenID provider binds to client certificates (RFC 8705 3). It shares no code with this
 * project.
 */
import { decodeJwt, exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { call, jsonOf, statusAndReason } from "../../support/e2e/call.ts";
import {
  type ClientCertificate,
  NO_CERTIFICATE,
  newCertificate,
  overConnection,
} from "../../support/e2e/client-certificate.ts";
import { fullName, gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startServer, type TestServer } from "../../support/e2e/test-server.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { API } from "../../support/policy/example-policy.ts";

const MINE = newCertificate();
const OTHER = newCertificate();
const SCOPE = "read:products";

let server: TestServer;
let upstream: TestUpstream;
let gateway: TestGateway;
/** The certificate of the client's connection with the provider, which a TLS server in front of it would tell it. */
let connectedWith: ClientCertificate | undefined;

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
      issuers: { provider: { ...issuer, binding: { mtls: "accepted" } } },
      routes: [
        { path: "/me", methods: ["GET"], authenticated: true, upstream: "echo" },
        { path: "/products", methods: ["GET"], scopes: [SCOPE], senderConstrained: true, upstream: "echo" },
      ],
    }),
  });
}, 120_000);

afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all([gateway?.dispose(), upstream?.stop(), server?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
});

function configuration(key: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const client = (id: string, isBound: boolean) => ({
    client_id: id,
    client_secret: `${id}-secret`,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    scope: SCOPE,
    id_token_signed_response_alg: "ES256",
    tls_client_certificate_bound_access_tokens: isBound,
  });
  return {
    jwks: { keys: [{ ...key, alg: "ES256", use: "sig" }] },
    clients: [client("bound", true), client("bearer", false)],
    scopes: [SCOPE],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      mTLS: {
        enabled: true,
        certificateBoundAccessTokens: true,
        getCertificate: () => connectedWith?.pem,
      },
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

/** A token by client credentials, over a connection with a certificate. */
async function tokenOf(client: string, certificate: ClientCertificate | undefined): Promise<string> {
  connectedWith = certificate;
  const answer = await call(server.origin, "POST /token", {
    headers: {
      authorization: `Basic ${Buffer.from(`${client}:${client}-secret`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ grant_type: "client_credentials", scope: SCOPE, resource: API }).toString(),
  });
  expect(answer).toMatchObject({ status: 200 });
  return String(jsonOf(answer)["access_token"]);
}

const outcome = async (request: string, token: string, tls: unknown) =>
  statusAndReason(await call(gateway.origin, request, { token, headers: overConnection(tls) }));

it("a bound token is accepted over a connection with its certificate, and over no other", async () => {
  const token = await tokenOf("bound", MINE);
  expect(decodeJwt(token)).toMatchObject({ cnf: MINE.cnf });
  for (const request of ["GET /me", "GET /products"]) {
    for (const tls of [OTHER.tls, NO_CERTIFICATE, undefined]) {
      expect(await outcome(request, token, tls)).toBe("401 token-binding-mismatch");
    }
    expect(upstream.received).toEqual([]);
    expect(await outcome(request, token, MINE.tls)).toBe("200");
    expect(upstream.received.splice(0)).toMatchObject([
      { headers: { "x-auth-client-id": "bound", "x-auth-scopes": fullName(SCOPE) } },
    ]);
  }
});

it("tokens of one client that are bound to two certificates do not pass for each other", async () => {
  const [mine, other] = [await tokenOf("bound", MINE), await tokenOf("bound", OTHER)];
  expect(await outcome("GET /me", mine, OTHER.tls)).toBe("401 token-binding-mismatch");
  expect(await outcome("GET /me", other, MINE.tls)).toBe("401 token-binding-mismatch");
  expect(upstream.received).toEqual([]);
  expect(await outcome("GET /me", other, OTHER.tls)).toBe("200");
});

it("a bearer token of the same provider is refused only where the route asks for a bound one", async () => {
  const token = await tokenOf("bearer", MINE);
  expect(decodeJwt(token)).not.toHaveProperty("cnf");
  expect(await outcome("GET /products", token, MINE.tls)).toBe("401 token-binding-missing");
  expect(upstream.received).toEqual([]);
  expect(await outcome("GET /me", token, MINE.tls)).toBe("200");
});
