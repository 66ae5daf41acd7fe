/** Every reason to refuse a request, provoked once: the answer to the caller and the line in the log. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type CallOptions, call, jsonOf } from "../support/e2e/call.ts";
import { fullName, gatewayPolicy } from "../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../support/e2e/test-issuer.ts";
import { NOWHERE, startUpstream, type TestUpstream } from "../support/e2e/test-upstream.ts";
import { createSigningKey, type SigningKey, signClaims } from "../support/token/signing-key.ts";

const CLIENT = "app";
const HOUR_SECONDS = 3600;
const UPSTREAM_TIMEOUT_MS = 100;

let issuer: TestIssuer;
let upstream: TestUpstream;
/** Never answers. */
let slow: TestUpstream;
let gateway: TestGateway;
let strangersKey: SigningKey;
let valid: string;

beforeAll(async () => {
  [issuer, upstream, slow] = await Promise.all([startIssuer(), startUpstream(), startUpstream()]);
  slow.handler = () => undefined;
  strangersKey = await createSigningKey("key-1");
  const base = gatewayPolicy(issuer, upstream);
  gateway = await startGateway({
    policy: {
      ...base,
      issuers: {
        main: { ...base.issuers.main, audiences: [CLIENT] },
        down: { issuer: `${NOWHERE}/pool`, profile: "cognito", algorithms: ["ES256"] },
      },
      upstreams: {
        ...base.upstreams,
        nowhere: { url: NOWHERE },
        slow: { url: slow.origin, timeoutMs: UPSTREAM_TIMEOUT_MS },
      },
      routes: [
        ...base.routes,
        { path: "/nowhere", methods: ["GET"], scopes: ["read:products"], upstream: "nowhere" },
        { path: "/slow", methods: ["GET"], scopes: ["read:products"], upstream: "slow" },
      ],
    },
  });
  valid = await issuer.token({ scope: fullName("read:products") });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), slow?.stop(), issuer?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
});

const READ = "GET /products";
const required = [fullName("read:products")];
const seconds = () => Math.floor(Date.now() / 1000);
const withToken = async (claims: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>) => ({
  token: await issuer.token(claims, header),
});
const base64urlJson = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

interface Refusal {
  readonly reason: string;
  readonly status: number;
  readonly request: string;
  readonly options?: () => CallOptions | Promise<CallOptions>;
  /** The challenge between `Bearer realm="scopegate", ` and the metadata. Absent if there is no challenge. */
  readonly challenge?: string;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Members of the decision line besides those that every one has. */
  readonly log: Readonly<Record<string, unknown>>;
}

const invalidToken = (description: string) => `error="invalid_token", error_description="${description}", `;
const routed = { route: "/products", required, upstream: "echo" };
const verified = () => ({
  issuer: issuer.url,
  client_id: CLIENT,
  subject: "user-1",
  granted: required,
  key_source: "memory",
  token_cache: expect.stringMatching(/^(hit|miss)$/),
});

/** For a token with a valid signature that is refused. */
const refused = (changes: Readonly<Record<string, unknown>> = {}) => ({
  issuer: issuer.url,
  client_id: CLIENT,
  subject: "user-1",
  ...changes,
});
/** For a token that is refused before its signature is verified. */
const unverified = (changes: Readonly<Record<string, unknown>> = {}) => ({
  unverified_iss: issuer.url,
  kid: expect.any(String),
  ...changes,
});

const REFUSALS: readonly Refusal[] = [
  {
    reason: "path-ambiguous",
    status: 400,
    request: "GET /products%2F..%2Forders",
    log: { detail: "The path contains an encoded separator or control." },
  },
  { reason: "path-too-long", status: 414, request: `GET /${"a".repeat(8192)}`, log: { detail: expect.any(String) } },
  { reason: "route-unknown", status: 404, request: "GET /carts", log: {} },
  {
    reason: "method-not-allowed",
    status: 405,
    request: "DELETE /products",
    headers: { allow: "GET, HEAD, POST" },
    log: { route: "/products" },
  },
  {
    reason: "credentials-missing",
    status: 401,
    request: READ,
    challenge: `scope="${required}", `,
    log: routed,
  },
  {
    reason: "credentials-malformed",
    status: 400,
    request: READ,
    options: () => ({ headers: { authorization: `Bearer ${valid}, Bearer ${valid}` } }),
    challenge: `error="invalid_request", error_description="The Authorization header must hold exactly one access token.", `,
    log: { ...routed, detail: "The header does not hold exactly one token." },
  },
  {
    reason: "token-malformed",
    status: 401,
    request: READ,
    options: () => ({ token: "opaque" }),
    challenge: invalidToken("The access token is not a well-formed signed JWT."),
    log: { ...routed, detail: "The token does not have three parts." },
  },
  {
    reason: "token-expired",
    status: 401,
    request: READ,
    options: () => withToken({ exp: seconds() - HOUR_SECONDS }),
    challenge: invalidToken("The access token has expired."),
    log: { ...routed, token: () => refused({ expired_seconds: expect.any(Number) }) },
  },
  {
    reason: "token-not-yet-valid",
    status: 401,
    request: READ,
    options: () => withToken({ nbf: seconds() + HOUR_SECONDS }),
    challenge: invalidToken("The access token is not valid yet."),
    log: { ...routed, detail: "The time of `nbf` is in the future.", token: refused },
  },
  {
    reason: "signature-invalid",
    status: 401,
    request: READ,
    options: async () => ({ token: await signClaims(strangersKey, claimsOf(valid)) }),
    challenge: invalidToken("The access token's signature is invalid."),
    log: { ...routed, token: unverified },
  },
  {
    reason: "key-unknown",
    status: 401,
    request: READ,
    options: () => withToken({ iat: seconds() - HOUR_SECONDS }, { kid: "another" }),
    challenge: invalidToken("The issuer publishes no key that matches the access token."),
    log: {
      ...routed,
      detail: "The issuer's key set, read after the token was issued, has no such key.",
      token: () => unverified({ kid: "another" }),
    },
  },
  {
    reason: "algorithm-refused",
    status: 401,
    request: READ,
    options: () => ({ token: `${base64urlJson({ alg: "none" })}.${base64urlJson(claimsOf(valid))}.` }),
    challenge: invalidToken("The access token's signature algorithm is not accepted."),
    log: {
      ...routed,
      detail: "The token's `alg` is not among the issuer's algorithms.",
      token: () => unverified({ kid: undefined }),
    },
  },
  {
    reason: "issuer-unknown",
    status: 401,
    request: READ,
    options: () => withToken({ iss: `${issuer.url}/` }),
    challenge: invalidToken("The access token's issuer is not accepted."),
    log: { ...routed, token: () => unverified({ unverified_iss: `${issuer.url}/` }) },
  },
  {
    reason: "audience-mismatch",
    status: 401,
    request: READ,
    options: () => withToken({ aud: "another" }),
    challenge: invalidToken("The access token is intended for another audience."),
    log: {
      ...routed,
      detail: "The claim `aud` names none of the issuer's `audiences`.",
      token: () => refused({ audience: ["another"] }),
    },
  },
  {
    reason: "client-mismatch",
    status: 401,
    request: READ,
    options: () => withToken({ client_id: "another" }),
    challenge: invalidToken("The access token's client is not accepted."),
    log: {
      ...routed,
      detail: "The token has no `aud`, and its `client_id` is not in `audiences`.",
      token: () => refused({ client_id: "another" }),
    },
  },
  {
    reason: "token-type-mismatch",
    status: 401,
    request: READ,
    options: () => withToken({ token_use: "id" }),
    challenge: invalidToken("The token is not an access token of the expected type."),
    log: { ...routed, detail: "The claim `token_use` is not `access`.", token: refused },
  },
  {
    reason: "claim-missing",
    status: 401,
    request: READ,
    options: () => withToken({ exp: undefined }),
    challenge: invalidToken("The access token lacks a required claim."),
    log: { ...routed, detail: "The claim `exp` is missing or is not a finite number.", token: refused },
  },
  {
    reason: "scope-insufficient",
    status: 403,
    request: "POST /products",
    options: () => ({ token: valid, body: "{}" }),
    challenge:
      'error="insufficient_scope", ' +
      'error_description="The access token does not grant the scopes that this route requires.", ' +
      `scope="${fullName("write:products")}", `,
    members: { required: [fullName("write:products")], granted: required },
    log: { ...routed, required: [fullName("write:products")], verified: true },
  },
  {
    reason: "keys-unavailable",
    status: 503,
    request: READ,
    options: () => withToken({ iss: `${NOWHERE}/pool` }),
    headers: { "retry-after": "30" },
    log: {
      ...routed,
      detail: "There are no usable keys. The issuer could not be reached.",
      token: () => unverified({ unverified_iss: `${NOWHERE}/pool` }),
    },
  },
  {
    reason: "upstream-unreachable",
    status: 502,
    request: "GET /nowhere",
    options: () => ({ token: valid }),
    log: {
      route: "/nowhere",
      required,
      upstream: "nowhere",
      detail: expect.any(String),
      upstream_ms: expect.any(Number),
      verified: true,
    },
  },
  {
    reason: "upstream-timeout",
    status: 504,
    request: "GET /slow",
    options: () => ({ token: valid }),
    log: {
      route: "/slow",
      required,
      upstream: "slow",
      detail: "The upstream sent no headers within 100 ms.",
      upstream_ms: expect.any(Number),
      verified: true,
    },
  },
];

it.each(REFUSALS)("answers $status $reason, and the request goes no further", async (refusal) => {
  const { reason, status, request, challenge, headers = {}, members = {} } = refusal;
  const id = `test-${reason}`;
  const options = (await refusal.options?.()) ?? {};
  const answer = await call(gateway.origin, request, {
    ...options,
    headers: { ...options.headers, "x-request-id": id },
  });

  expect(answer.status).toBe(status);
  expect(jsonOf(answer)).toEqual({
    type: `https://scopegate.dev/problems/${reason}`,
    title: expect.stringMatching(/^[A-Z][a-z ]+$/),
    status,
    detail: expect.stringMatching(/^[A-Z].*\.$/),
    instance: id,
    ...members,
  });
  const {
    "content-length": _length,
    connection: _connection,
    date: _date,
    ...sent
  } = Object.fromEntries(answer.headers);
  const metadata = `resource_metadata="${gateway.origin}/.well-known/oauth-protected-resource"`;
  expect(sent).toEqual({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-request-id": id,
    ...headers,
    ...(challenge !== undefined && { "www-authenticate": `Bearer realm="scopegate", ${challenge}${metadata}` }),
  });

  expect(upstream.received).toEqual([]);
  const told = JSON.stringify(sent) + answer.body;
  for (const secret of [options.token, options.headers?.["authorization"], upstream.origin, slow.origin, NOWHERE]) {
    if (secret !== undefined) expect(told).not.toContain(secret);
  }
  if (status !== 401 && status !== 400) expect(told).not.toContain(issuer.url);
});

it.each(REFUSALS)("writes one line about $reason, without the token", async (refusal) => {
  const { reason, status, request } = refusal;
  const id = `log-${reason}`;
  const options = (await refusal.options?.()) ?? {};
  await call(gateway.origin, request, { ...options, headers: { ...options.headers, "x-request-id": id } });

  const { verified: isVerified, token, ...fields } = refusal.log;
  const line = await gateway.decision(id);
  expect(line).toEqual({
    event: "decision",
    v: 1,
    time: expect.any(String),
    duration_ms: expect.any(Number),
    request_id: id,
    method: request.split(" ")[0],
    decision: status >= 500 ? "error" : "deny",
    reason,
    status,
    version: expect.stringMatching(/^[0-9a-f-]{36}$/),
    ...(isVerified === true ? verified() : {}),
    ...(typeof token === "function" ? token() : {}),
    ...fields,
  });
  const lines = JSON.stringify(gateway.logs);
  expect(lines).not.toContain(valid);
  if (options.token !== undefined && options.token.length > 20) expect(lines).not.toContain(options.token);
});

it("writes one line about a request that is allowed", async () => {
  const token = await issuer.token({ scope: `${fullName("read:products")} openid`, jti: "allowed" });
  for (const [id, tokenCache] of [
    ["allowed-1", "miss"],
    ["allowed-2", "hit"],
  ] as const) {
    const answer = await call(gateway.origin, READ, { token, headers: { "x-request-id": id } });
    expect({ status: answer.status, id: answer.headers.get("x-request-id") }).toEqual({ status: 200, id });
    expect(await gateway.decision(id)).toEqual({
      event: "decision",
      v: 1,
      time: expect.any(String),
      duration_ms: expect.any(Number),
      upstream_ms: expect.any(Number),
      request_id: id,
      method: "GET",
      decision: "allow",
      status: 200,
      upstream_status: 200,
      version: expect.any(String),
      ...routed,
      ...verified(),
      token_cache: tokenCache,
    });
  }
  expect(JSON.stringify(gateway.logs)).not.toContain(token);
});

it.each([
  { name: "keeps the caller's request id where it is one", given: "a.B_c:-9", kept: true },
  { name: "keeps one of 200 characters", given: "x".repeat(200), kept: true },
  { name: "replaces one of 201 characters", given: "x".repeat(201), kept: false },
  { name: "replaces one that could be markup", given: "<b>", kept: false },
])("$name", async ({ given, kept }) => {
  const answer = await call(gateway.origin, "GET /carts", { headers: { "x-request-id": given } });
  const id = answer.headers.get("x-request-id");
  expect(jsonOf(answer)["instance"]).toBe(id);
  if (kept) expect(id).toBe(given);
  else expect(id).toMatch(/^[0-9a-f-]{36}$/);
});

/** The unverified claims of the token. */
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
