/**
 * Step-up (RFC 9470) with a certified OpenID provider and a client of another project. The client calls, is refused,
 * and starts a new authorization request with what it reads from the challenge.
 */
import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import { allowInsecureRequests, protectedResourceRequest, WWWAuthenticateChallengeError } from "oauth4webapi";
import Provider, { interactionPolicy } from "oidc-provider";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { call, statusAndReason } from "../../support/e2e/call.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startServer, type TestServer } from "../../support/e2e/test-server.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { API } from "../../support/policy/example-policy.ts";

const CALLBACK = "https://shop.example/callback";
/** The user can sign in with a password, a code, or a key. */
const CLASSES = ["password", "otp", "hardware"];

let server: TestServer;
let upstream: TestUpstream;
let gateway: TestGateway;
let provider: Provider;
/** How many seconds ago the user of the next sign-in authenticates. */
let signedInSecondsAgo: number;
/** The sign-ins that the provider asked the user for. */
let prompts: string[];

beforeAll(async () => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  vi.spyOn(console, "info").mockImplementation(() => undefined);
  server = await startServer(serve);
  upstream = await startUpstream();
  provider = await createProvider();
  const route = { methods: ["GET"], scopes: ["read:orders"], upstream: "echo" };
  gateway = await startGateway({
    policy: {
      issuers: {
        provider: {
          issuer: server.origin,
          jwksUri: `${server.origin}/jwks`,
          profile: "rfc9068",
          audiences: [API],
          clockToleranceSeconds: 0,
          acrOrder: CLASSES,
        },
      },
      resourceServers: { [API]: { scopes: { "read:orders": "" } } },
      upstreams: { echo: { url: upstream.origin } },
      routes: [
        { ...route, path: "/orders" },
        { ...route, path: "/otp", authentication: { acr: ["otp"] } },
        { ...route, path: "/recent", authentication: { maxAgeSeconds: 300 } },
        { ...route, path: "/pay", authentication: { acr: ["hardware", "otp"], maxAgeSeconds: 300 } },
      ],
    },
  });
}, 120_000);

afterAll(async () => {
  vi.restoreAllMocks();
  await Promise.all([gateway?.dispose(), upstream?.stop(), server?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
  signedInSecondsAgo = 0;
  prompts = [];
});

async function createProvider(): Promise<Provider> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const policy = interactionPolicy.base();
  // RFC 9470 5: the server should take the classes as necessary. By OpenID Connect alone they are a wish.
  policy.get("login")?.checks.add(
    new interactionPolicy.Check("acr_values", "a stronger sign-in is needed", ({ oidc }) => {
      const asked = String(oidc.params?.["acr_values"] ?? "")
        .split(" ")
        .filter(Boolean);
      return asked.length > 0 && !asked.includes(oidc.session?.acr ?? "") && oidc.result?.login === undefined;
    }),
  );
  return new Provider(server.origin, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "key", alg: "ES256", use: "sig" }] },
    cookies: { keys: ["a cookie key of this test"] },
    clients: [
      {
        client_id: "shop",
        token_endpoint_auth_method: "none",
        redirect_uris: [CALLBACK],
        grant_types: ["authorization_code"],
        response_types: ["code"],
        id_token_signed_response_alg: "ES256",
      },
    ],
    acrValues: CLASSES,
    scopes: ["openid"],
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    loadExistingGrant: grantEverything,
    extraTokenClaims: ({
      oidc,
    }: {
      oidc: { entities: { AuthorizationCode?: { acr?: string; authTime?: number } } };
    }) => {
      const { acr, authTime } = oidc.entities.AuthorizationCode ?? {};
      return { acr, auth_time: authTime };
    },
    interactions: { policy, url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => API,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "read:orders",
          audience: API,
          accessTokenTTL: 3600,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
  });
}

/** The user agrees to all that the shop asks for. */
async function grantEverything({ oidc }: { oidc: { client: { clientId: string }; session: { accountId: string } } }) {
  const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope("openid");
  grant.addResourceScope(API, "read:orders");
  await grant.save();
  return grant;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!request.url?.startsWith("/interaction/")) {
    provider.callback()(request, response);
    return;
  }
  // The sign-in page: the user authenticates in the first way that is asked for.
  const { params } = await provider.interactionDetails(request, response);
  const [acr = "password"] = String(params["acr_values"] ?? "")
    .split(" ")
    .filter(Boolean);
  prompts.push(acr);
  const ts = Math.floor(Date.now() / 1000) - signedInSecondsAgo;
  await provider.interactionFinished(request, response, { login: { accountId: "alice", acr, ts } });
}

/** A browser of the user: it follows redirects and keeps cookies. */
class Browser {
  readonly #cookies = new Map<string, string>();

  /** Opens an address of the provider, to where it leaves for the shop. */
  async open(address: string): Promise<URL> {
    let url = new URL(address);
    for (let redirects = 0; redirects < 10; redirects += 1) {
      if (url.origin !== server.origin) return url;
      const cookie = Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(url, { redirect: "manual", headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ""] = line.split(";");
        this.#cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
      }
      const location = answer.headers.get("location");
      if (location === null) throw new Error(`${url.pathname}: ${answer.status} ${await answer.text()}`);
      url = new URL(location, url);
    }
    throw new Error("too many redirects");
  }
}

/** The authorization code flow with PKCE, with more parameters of the authorization request. */
async function authorize(browser: Browser, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const verifier = randomBytes(32).toString("base64url");
  const request = new URL("/auth", server.origin);
  request.search = new URLSearchParams({
    client_id: "shop",
    response_type: "code",
    redirect_uri: CALLBACK,
    scope: "openid read:orders",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...more,
  }).toString();
  const code = (await browser.open(request.href)).searchParams.get("code");
  if (code === null) throw new Error("no code");
  const form = {
    grant_type: "authorization_code",
    code,
    redirect_uri: CALLBACK,
    client_id: "shop",
    code_verifier: verifier,
  };
  const answer = await fetch(new URL("/token", server.origin), { method: "POST", body: new URLSearchParams(form) });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

/** What a client of another project reads from the challenge, as parameters of an authorization request. */
async function challengeOf(path: string, token: string): Promise<Readonly<Record<string, string>>> {
  const url = new URL(path, gateway.origin);
  const options = { [allowInsecureRequests]: true };
  const error = await protectedResourceRequest(token, "GET", url, undefined, undefined, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WWWAuthenticateChallengeError)) throw new Error("no challenge");
  const [challenge] = error.cause;
  expect(challenge).toMatchObject({ scheme: "bearer", parameters: { error: "insufficient_user_authentication" } });
  const { acr_values, max_age } = challenge?.parameters ?? {};
  return { ...(acr_values !== undefined && { acr_values }), ...(max_age !== undefined && { max_age }) };
}

const outcome = async (path: string, token: string) =>
  statusAndReason(await call(gateway.origin, `GET ${path}`, { token }));
const INSUFFICIENT = "401 authentication-insufficient";

describe("a token of the provider says how and when its user authenticated", () => {
  it.each([
    { name: "a class", path: "/otp", ago: 0, asked: { acr_values: "otp" }, prompted: ["password", "otp"] },
    {
      name: "a class of several",
      path: "/pay",
      ago: 0,
      asked: { acr_values: "hardware otp", max_age: "300" },
      prompted: ["password", "hardware"],
    },
    {
      name: "a recent authentication",
      path: "/recent",
      ago: 3600,
      asked: { max_age: "300" },
      prompted: ["password", "password"],
    },
  ])("and the challenge leads to one that is enough: $name", async ({ path, ago, asked, prompted }) => {
    const browser = new Browser();
    signedInSecondsAgo = ago;
    const first = await authorize(browser);
    expect(await outcome("/orders", first)).toBe("200");
    expect(await outcome(path, first)).toBe(INSUFFICIENT);
    expect(upstream.received).toHaveLength(1);

    const found = await challengeOf(path, first);
    expect(found).toEqual(asked);
    signedInSecondsAgo = 0;
    const second = await authorize(browser, found);
    expect(prompts).toEqual(prompted);
    expect(await outcome(path, second)).toBe("200");
    // The old token is still good for what it was good for, and for nothing more.
    expect(await outcome("/orders", first)).toBe("200");
    expect(await outcome(path, first)).toBe(INSUFFICIENT);
    expect(upstream.received).toHaveLength(3);
  });

  it("and a higher class is enough for a lower one", async () => {
    const token = await authorize(new Browser(), { acr_values: "hardware" });
    expect(await outcome("/otp", token)).toBe("200");
  });

  it("and a new token of the same session is as old as its sign-in", async () => {
    const browser = new Browser();
    signedInSecondsAgo = 3600;
    await authorize(browser, { acr_values: "hardware" });
    const renewed = await authorize(browser);
    expect(prompts).toEqual(["hardware"]);
    expect(await outcome("/otp", renewed)).toBe("200");
    expect(await outcome("/recent", renewed)).toBe(INSUFFICIENT);
  });

  it("and no sign-in is asked for in vain: a token without the scope is refused for that", async () => {
    const token = await authorize(new Browser(), { scope: "openid" });
    expect(await outcome("/pay", token)).toBe("403 scope-insufficient");
    expect(upstream.received).toEqual([]);
  });
});
