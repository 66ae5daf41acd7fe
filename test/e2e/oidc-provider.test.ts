/** Tokens of a certified OpenID provider (RFC 9068, RFC 8707), which shares no code with this project. */
import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider from "oidc-provider";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { call, jsonOf, statusAndReason } from "../support/e2e/call.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startServer, type TestServer } from "../support/e2e/test-server.ts";
import { startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";
import { eventually } from "../support/e2e/wait.ts";
import { API } from "../support/policy/example-policy.ts";

const BILLING = "https://billing.example";
const UNKNOWN = "https://unknown.example";
/** All resource servers of the provider have the same scopes. The gateway does not know the last one. */
const PROVIDER_SCOPES = "read:products write:products read:unknown";
const ALGORITHMS = ["ES256", "PS256", "RS256", "EdDSA"];

let server: TestServer;
let upstream: TestUpstream;
let gateway: TestGateway;
let serve: ReturnType<Provider["callback"]>;
/** The kind of tokens that the provider issues next. */
let issues: { alg: string; ttlSeconds: number };

beforeAll(async () => {
  // The provider warns that this is no production setup.
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  vi.spyOn(console, "info").mockImplementation(() => undefined);
  server = await startServer((request, response) => serve(request, response));
  upstream = await startUpstream();
  await startProvider("first");
  gateway = await startGateway({
    policy: {
      issuers: {
        provider: {
          issuer: server.origin,
          jwksUri: `${server.origin}/jwks`,
          profile: "rfc9068",
          audiences: [API, BILLING],
          clockToleranceSeconds: 0,
        },
      },
      resourceServers: {
        [API]: { scopes: { "read:products": "", "write:products": "" } },
        [BILLING]: { scopes: { "read:products": "" } },
      },
      upstreams: { echo: { url: upstream.origin } },
      routes: [
        { path: "/products", methods: ["GET"], scopes: [`${API}/read:products`], upstream: "echo" },
        { path: "/products", methods: ["POST"], scopes: ["write:products"], upstream: "echo" },
        { path: "/bills", methods: ["GET"], scopes: [`${BILLING}/read:products`], upstream: "echo" },
        { path: "/me", methods: ["GET"], authenticated: true, upstream: "echo" },
      ],
    },
  });
});

afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all([gateway?.dispose(), upstream?.stop(), server?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
  issues = { alg: "ES256", ttlSeconds: 600 };
});

/** Starts the provider, or restarts it with other keys. */
async function startProvider(name: string): Promise<void> {
  const keys = await Promise.all(ALGORITHMS.map((alg) => privateJwk(alg, `${name}-${alg}`)));
  const provider = new Provider(server.origin, {
    jwks: { keys },
    clients: [
      {
        client_id: "admin",
        client_secret: "admin-secret",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        scope: PROVIDER_SCOPES,
      },
    ],
    scopes: PROVIDER_SCOPES.split(" "),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          scope: PROVIDER_SCOPES,
          audience: resource,
          accessTokenTTL: issues.ttlSeconds,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: issues.alg } },
        }),
      },
    },
  });
  serve = provider.callback();
}

async function privateJwk(alg: string, kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg, use: "sig" };
}

/** A token by client credentials. Without a resource it is opaque. */
async function requestToken(scope: string, resource?: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: "client_credentials", scope });
  if (resource !== undefined) form.set("resource", resource);
  const answer = await call(server.origin, "POST /token", {
    headers: {
      authorization: `Basic ${Buffer.from("admin:admin-secret").toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: form.toString(),
  });
  expect(answer).toMatchObject({ status: 200 });
  return String(jsonOf(answer)["access_token"]);
}

const outcome = async (request: string, token: string) =>
  statusAndReason(await call(gateway.origin, request, { token }));

describe("a token of the provider", () => {
  it.each(ALGORITHMS)("is accepted when it is signed with %s", async (alg) => {
    issues.alg = alg;
    const token = await requestToken("read:products", API);
    expect(headerOf(token)).toMatchObject({ alg, typ: "at+jwt" });
    expect(await outcome("GET /products", token)).toBe("200");
    expect(upstream.received[0]?.headers).toMatchObject({
      "x-auth-subject": "admin",
      "x-auth-client-id": "admin",
      "x-auth-scopes": `${API}/read:products`,
      "x-auth-issuer": server.origin,
      "x-auth-token-id": expect.stringMatching(/^[\w-]{20,}$/),
    });
  });

  it("grants exactly its scopes", async () => {
    const answer = await call(gateway.origin, "POST /products", { token: await requestToken("read:products", API) });
    expect(statusAndReason(answer)).toBe("403 scope-insufficient");
    expect(jsonOf(answer)).toMatchObject({ required: [`${API}/write:products`], granted: [`${API}/read:products`] });
    expect(await outcome("POST /products", await requestToken("read:products write:products", API))).toBe("200");
  });

  it("grants a scope only at the resource server that it is meant for, though two have one of that name", async () => {
    const bills = await requestToken("read:products", BILLING);
    expect(await outcome("GET /bills", bills)).toBe("200");
    expect(await outcome("GET /products", bills)).toBe("403 scope-insufficient");
    const products = await requestToken("read:products", API);
    expect(await outcome("GET /bills", products)).toBe("403 scope-insufficient");
  });

  it("grants nothing by scopes that the policy does not declare", async () => {
    const token = await requestToken("read:unknown", API);
    expect(await outcome("GET /products", token)).toBe("403 scope-insufficient");
    expect(await outcome("GET /me", token)).toBe("200");
    expect(upstream.received[0]?.headers).not.toHaveProperty("x-auth-scopes");
  });

  it("for another resource is refused", async () => {
    expect(await outcome("GET /products", await requestToken("read:products", UNKNOWN))).toBe("401 audience-mismatch");
  });

  it("that is opaque is refused", async () => {
    const token = await requestToken("read:products");
    expect(token).not.toContain(".");
    expect(await outcome("GET /products", token)).toBe("401 token-malformed");
  });

  it("is refused once it has expired, though it was remembered before", async () => {
    issues.ttlSeconds = 2;
    const token = await requestToken("read:products", API);
    expect(await outcome("GET /products", token)).toBe("200");
    const refused = await eventually("another answer", async () => {
      const now = await outcome("GET /products", token);
      return now === "200" ? undefined : now;
    });
    expect(refused).toBe("401 token-expired");
  });
});

// Last, because it changes the provider's keys.
describe("a provider that was started anew with other keys", () => {
  it("has its new tokens accepted at once, and those of the replaced keys for one cooldown at most", async () => {
    const before = await requestToken("read:products", API);
    expect(await outcome("GET /products", before)).toBe("200");
    await startProvider("second");
    const after = await requestToken("read:products", API);
    expect(headerOf(after)).toMatchObject({ kid: "second-ES256" });
    expect(await outcome("GET /products", after)).toBe("200");
    expect(await outcome("GET /products", before)).toBe("200");
  });
});

function headerOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}
