import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createGateway } from "../src/gateway.ts";
import { loadCompiledPolicy } from "../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../src/policy/compiled/serialize-policy.ts";
import type { ServedPolicy } from "../src/policy/policy.ts";
import { type Authenticate, createAuthenticator } from "../src/token/authenticate.ts";
import { createWithAuthentication } from "../src/token/step-up/with-authentication.ts";
import { limitPauses } from "../src/upstream/limit-pauses.ts";
import { createOwnHeaders } from "../src/upstream/own-headers.ts";
import { FakeKeyStore, keySetOf } from "./support/keys/fake-key-store.ts";
import { API, ISSUER_URL } from "./support/policy/example-policy.ts";
import { claimsOf, createSigner, NOW_MS, type Signer, signToken } from "./support/token/tokens.ts";

const TOLERANCE = 5;
const FILE = {
  issuers: {
    main: {
      issuer: ISSUER_URL,
      profile: "cognito",
      algorithms: ["ES256"],
      clockToleranceSeconds: TOLERANCE,
      acrOrder: ["password", "otp", "hardware"],
    },
  },
  resourceServers: { [API]: { scopes: { read: "" } } },
  upstreams: { pay: { url: "https://pay.internal" } },
  routes: [
    { path: "/plain", methods: ["GET"], authenticated: true },
    { path: "/otp", methods: ["GET"], authenticated: true, authentication: { acr: ["otp"] } },
    { path: "/either", methods: ["GET"], authenticated: true, authentication: { acr: ["sms", "hardware"] } },
    { path: "/recent", methods: ["GET"], authenticated: true, authentication: { maxAgeSeconds: 300 } },
    {
      path: "/pay",
      methods: ["GET"],
      scopes: ["read"],
      authentication: { acr: ["otp", "sms"], maxAgeSeconds: 300 },
    },
    {
      path: "/own/:id",
      methods: ["GET"],
      scopes: { allOf: [{ param: "id", equals: "sub" }] },
      authentication: { acr: ["otp"] },
    },
  ].map((route) => ({ ...route, upstream: "pay" })),
};
const NOW = NOW_MS / 1000;

let signer: Signer;
let policy: ServedPolicy;
let authenticate: Authenticate;
let forwarded: number;
let nowMs: number;

beforeAll(async () => {
  signer = await createSigner("ES256");
  const compiled = compileForWorker(FILE, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  // The Worker gets it as JSON.
  const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(compiled.value)), {}, OPTIONAL_MODULES);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  policy = loaded.value;
});

beforeEach(() => {
  nowMs = NOW_MS;
  // One token cache for all requests of a test.
  authenticate = createAuthenticator({ policy, keys: new FakeKeyStore(keySetOf(signer.key)), now: () => nowMs });
  forwarded = 0;
});

const tokenWith = (claims: Record<string, unknown>): Promise<string> =>
  signToken(signer, claimsOf({ scope: `${API}/read`, ...claims }));

async function send(target: string, token: string | undefined, hasEvidence = true): Promise<Response> {
  const now = (): number => nowMs;
  const serve = createGateway({
    policy,
    log: () => {},
    version: undefined,
    now,
    authenticate,
    ...(hasEvidence && { withAuthentication: createWithAuthentication(now) }),
    setOwnHeaders: createOwnHeaders({}, { now, sleep: () => new Promise(() => {}) }),
    limitPauses,
    serveEndpoint: (exchange) => exchange.answer(new Response("own")),
    fetcherOf: () => async () => {
      forwarded += 1;
      return new Response("served");
    },
  });
  const headers = token === undefined ? undefined : { authorization: `Bearer ${token}` };
  return serve(new Request(`https://gw.example${target}`, headers && { headers }), () => {});
}

async function expectAnswer(response: Response, expected: number): Promise<void> {
  expect(response.status).toBe(expected);
  expect(forwarded).toBe(expected === 200 ? 1 : 0);
  if (expected !== 401) return;
  expect(await response.json()).toMatchObject({ type: "https://scopegate.dev/problems/authentication-insufficient" });
}

describe("a class of authentication", () => {
  it.each([
    { name: "the one asked for", target: "/otp", acr: "otp", status: 200 },
    { name: "a higher one", target: "/otp", acr: "hardware", status: 200 },
    { name: "a lower one", target: "/otp", acr: "password", status: 401 },
    { name: "one that is in no order", target: "/otp", acr: "sms", status: 401 },
    { name: "in another case", target: "/otp", acr: "OTP", status: 401 },
    { name: "with a blank behind it", target: "/otp", acr: "otp ", status: 401 },
    { name: "among others in one string", target: "/otp", acr: "password otp", status: 401 },
    { name: "none", target: "/otp", acr: undefined, status: 401 },
    { name: "null", target: "/otp", acr: null, status: 401 },
    { name: "the empty string", target: "/otp", acr: "", status: 401 },
    { name: "a list with it, as `acr` is one string", target: "/otp", acr: ["otp"], status: 401 },
    { name: "a number", target: "/otp", acr: 1, status: 401 },
    { name: "an object", target: "/otp", acr: { otp: true }, status: 401 },
    { name: "the first of two", target: "/either", acr: "sms", status: 200 },
    { name: "the second of two", target: "/either", acr: "hardware", status: 200 },
    { name: "below the second of two", target: "/either", acr: "otp", status: 401 },
    { name: "none where none is asked for", target: "/plain", acr: undefined, status: 200 },
  ])("$name: $status", async ({ target, acr, status }) => {
    await expectAnswer(await send(target, await tokenWith({ acr })), status);
  });
});

describe("the age of an authentication", () => {
  it.each([
    { name: "now", at: NOW, status: 200 },
    { name: "just young enough", at: NOW - 300 - TOLERANCE, status: 200 },
    { name: "just too old", at: NOW - 301 - TOLERANCE, status: 401 },
    { name: "a fraction too old", at: NOW - 300 - TOLERANCE - 0.01, status: 401 },
    { name: "in the future, within the tolerance", at: NOW + TOLERANCE, status: 200 },
    { name: "in the future beyond the tolerance", at: NOW + TOLERANCE + 1, status: 401 },
    { name: "missing", at: undefined, status: 401 },
    { name: "null", at: null, status: 401 },
    { name: "zero", at: 0, status: 401 },
    { name: "negative", at: -1, status: 401 },
    { name: "a string", at: String(NOW), status: 401 },
    { name: "a list", at: [NOW], status: 401 },
    { name: "true", at: true, status: 401 },
    { name: "in milliseconds", at: NOW_MS, status: 401 },
  ])("$name: $status", async ({ at, status }) => {
    await expectAnswer(await send("/recent", await tokenWith({ auth_time: at })), status);
  });

  it("is told anew for a token that the gateway remembers", async () => {
    const token = await tokenWith({ auth_time: NOW });
    expect((await send("/recent", token)).status).toBe(200);
    nowMs += (300 + TOLERANCE) * 1000;
    expect((await send("/recent", token)).status).toBe(200);
    nowMs += 1000;
    expect((await send("/recent", token)).status).toBe(401);
    expect((await send("/plain", token)).status).toBe(200);
    expect(forwarded).toBe(3);
  });
});

describe("the order of the checks", () => {
  it.each([
    { name: "scopes go first", target: "/pay", claims: { scope: "" }, status: 403, reason: "scope-insufficient" },
    { name: "conditions go first", target: "/own/bob", claims: {}, status: 403, reason: "condition-not-met" },
    { name: "then the class", target: "/own/user-1", claims: {}, status: 401, reason: "authentication-insufficient" },
    {
      name: "the age is not enough",
      target: "/pay",
      claims: { auth_time: NOW },
      status: 401,
      reason: "authentication-insufficient",
    },
    {
      name: "the class is not enough",
      target: "/pay",
      claims: { acr: "otp" },
      status: 401,
      reason: "authentication-insufficient",
    },
  ])("$name", async ({ target, claims, status, reason }) => {
    const response = await send(target, await tokenWith({ sub: "user-1", ...claims }));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ type: `https://scopegate.dev/problems/${reason}` });
    expect(forwarded).toBe(0);
  });

  it.each([
    { name: "all of it is met", target: "/pay", claims: { acr: "otp", auth_time: NOW } },
    { name: "conditions are met, too", target: "/own/user-1", claims: { acr: "hardware" } },
  ])("$name", async ({ target, claims }) => {
    await expectAnswer(await send(target, await tokenWith({ sub: "user-1", ...claims })), 200);
  });

  it("asks for a token before anything else", async () => {
    const response = await send("/pay", undefined);
    expect(response.headers.get("www-authenticate")).not.toContain("error=");
    expect(await response.json()).toMatchObject({ type: "https://scopegate.dev/problems/credentials-missing" });
    expect(forwarded).toBe(0);
  });
});

describe("the challenge", () => {
  const metadata = 'resource_metadata="https://gw.example/.well-known/oauth-protected-resource"';
  it.each([
    { name: "a class", target: "/otp", asked: 'acr_values="otp"' },
    { name: "classes, in their order", target: "/either", asked: 'acr_values="sms hardware"' },
    { name: "an age", target: "/recent", asked: 'max_age="300"' },
    { name: "both", target: "/pay", asked: 'acr_values="otp sms", max_age="300"' },
  ])("tells what the next authorization request asks for: $name", async ({ target, asked }) => {
    const response = await send(target, await tokenWith({}));
    await expectAnswer(response, 401);
    expect(response.headers.get("www-authenticate")).toBe(
      'Bearer realm="scopegate", error="insufficient_user_authentication", ' +
        'error_description="This route requires the user to authenticate more strongly or more recently.", ' +
        `${asked}, ${metadata}`,
    );
  });

  it("tells both where one is met, because the next authentication needs both", async () => {
    const response = await send("/pay", await tokenWith({ acr: "otp" }));
    await expectAnswer(response, 401);
    expect(response.headers.get("www-authenticate")).toContain('acr_values="otp sms", max_age="300"');
  });
});

it("a gateway that reads no evidence refuses everyone where a route asks", async () => {
  const token = await tokenWith({ acr: "otp", auth_time: NOW });
  await expectAnswer(await send("/pay", token, false), 401);
});
