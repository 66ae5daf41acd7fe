import { beforeAll, expect, it } from "vitest";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { compiled, policyFile } from "../support/policy/policy-file.ts";
import { sendThrough, shadowOf } from "../support/shadow/shadowed-gateway.ts";
import { claimsOf, createSigner, NOW_SECONDS, type Signer, signToken } from "../support/token/tokens.ts";

const API = "https://api.example";
const ISSUER = { issuer: "https://issuer.example", profile: "cognito", algorithms: ["ES256"] };
const REGISTERED = { issuers: { main: { ...ISSUER, registeredClientsOnly: true } } };
const base = { ...policyFile(), issuers: { main: ISSUER } };
const order = { path: "/orders/:id", methods: ["GET"], upstream: "orders" };
const ofScope = { ...order, scopes: ["read:orders"] };

let signer: Signer;
let tokens: Readonly<Record<string, string>>;

beforeAll(async () => {
  signer = await createSigner("ES256");
  const claims = { iss: ISSUER.issuer, token_use: "access", client_id: "web", scope: `${API}/read:orders`, sub: "7" };
  const sign = (changes: object = {}) => signToken(signer, claimsOf({ ...claims, ...changes }));
  const valid = await sign();
  tokens = {
    valid,
    expired: await sign({ exp: NOW_SECONDS - 60 }),
    forged: `${valid.slice(0, -8)}AAAAAAAA`,
    authenticated: await sign({ auth_time: NOW_SECONDS - 60 }),
  };
});

interface Case {
  readonly name: string;
  readonly enforced: object;
  readonly candidate: object;
  /** Default: `GET https://gw.example/orders/7` with a valid token. */
  readonly request?: {
    readonly method?: string;
    readonly path?: string;
    readonly token?: string | null;
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** What the upstream answers; default: 200. */
  readonly upstream?: () => Response;
  /** The decision, reason, route and upstream of both; `undefined`: no line. */
  readonly expected: readonly (string | undefined)[] | undefined;
}

const isPublic = { ...base, routes: [{ ...order, public: true }] };
const scoped = { ...base, routes: [ofScope] };
const elsewhere = { ...base, routes: [{ ...ofScope, path: "/other" }] };
const UNKNOWN = ["unknown", undefined, "/orders/:id", undefined];
const ALLOWED = ["allow", undefined, "/orders/:id", "orders"];

const cases: readonly Case[] = [
  {
    name: "a scope more is a refusal",
    enforced: scoped,
    candidate: { ...base, routes: [{ ...order, scopes: { allOf: ["read:orders", "write:orders"] } }] },
    expected: [...ALLOWED, "deny", "scope-insufficient", "/orders/:id", undefined],
  },
  {
    name: "a condition on the path is judged on the claims",
    enforced: scoped,
    candidate: { ...base, routes: [{ ...order, scopes: { allOf: [{ param: "id", equals: "sub" }] } }] },
    expected: undefined,
  },
  {
    name: "a condition on the path that the claims do not meet is a refusal",
    enforced: scoped,
    candidate: { ...base, routes: [{ ...order, scopes: { allOf: [{ param: "id", equals: "sub" }] } }] },
    request: { path: "/orders/8" },
    expected: [...ALLOWED, "deny", "condition-not-met", "/orders/:id", undefined],
  },
  {
    name: "an authentication is asked for that the token does not tell of",
    enforced: scoped,
    candidate: { ...base, routes: [{ ...ofScope, authentication: { maxAgeSeconds: 300 } }] },
    expected: [...ALLOWED, "deny", "authentication-insufficient", "/orders/:id", undefined],
  },
  {
    name: "an authentication is asked for that the token tells of",
    enforced: scoped,
    candidate: { ...base, routes: [{ ...ofScope, authentication: { maxAgeSeconds: 300 } }] },
    request: { token: "authenticated" },
    expected: undefined,
  },
  {
    name: "a route that asks for a bound token refuses one that is not bound",
    enforced: scoped,
    candidate: { ...base, mtls: {}, routes: [{ ...ofScope, senderConstrained: true }] },
    expected: [...ALLOWED, "deny", "token-binding-missing", "/orders/:id", undefined],
  },
  {
    name: "a token that was refused is refused by both",
    enforced: scoped,
    candidate: { ...base, routes: [{ ...order, authenticated: true }] },
    request: { token: "forged" },
    expected: undefined,
  },
  {
    name: "a token that was refused does not matter to a public route",
    enforced: scoped,
    candidate: isPublic,
    request: { token: "expired" },
    expected: ["deny", "token-expired", "/orders/:id", undefined, ...ALLOWED],
  },
  {
    name: "nobody has read the token of a public route",
    enforced: isPublic,
    candidate: scoped,
    expected: [...ALLOWED, ...UNKNOWN],
  },
  {
    name: "without a token, it is known what a route with a scope answers",
    enforced: isPublic,
    candidate: scoped,
    request: { token: null },
    expected: [...ALLOWED, "deny", "credentials-missing", "/orders/:id", undefined],
  },
  {
    name: "without a token, an optional route permits",
    enforced: isPublic,
    candidate: { ...base, routes: [{ ...order, optional: true }] },
    request: { token: null },
    expected: undefined,
  },
  {
    name: "nobody has read the token of an unknown route",
    enforced: elsewhere,
    candidate: scoped,
    expected: ["deny", "route-unknown", undefined, undefined, ...UNKNOWN],
  },
  {
    name: "a route that is gone is a refusal",
    enforced: scoped,
    candidate: elsewhere,
    expected: [...ALLOWED, "deny", "route-unknown", undefined, undefined],
  },
  {
    name: "a method that is gone is a refusal",
    enforced: scoped,
    candidate: { ...base, routes: [{ ...ofScope, methods: ["PUT"] }] },
    expected: [...ALLOWED, "deny", "method-not-allowed", "/orders/:", undefined],
  },
  {
    name: "another pattern and another name of the upstream are no disagreement",
    enforced: scoped,
    candidate: {
      ...base,
      upstreams: { renamed: { url: "https://orders.example" } },
      routes: [{ ...ofScope, path: "/orders/*", upstream: "renamed" }],
    },
    expected: undefined,
  },
  {
    name: "another address of the upstream is one",
    enforced: scoped,
    candidate: {
      ...base,
      upstreams: { orders: { url: "https://orders.example/v2" } },
      routes: [ofScope],
    },
    expected: [...ALLOWED, ...ALLOWED],
  },
  {
    name: "another path for the upstream is one",
    enforced: scoped,
    candidate: { ...base, routes: [{ ...ofScope, upstreamPath: "/v2/:id" }] },
    expected: [...ALLOWED, ...ALLOWED],
  },
  {
    name: "an upstream that fails is no decision of a policy",
    enforced: scoped,
    candidate: scoped,
    upstream: () => Response.error(),
    expected: undefined,
  },
  {
    name: "a host that the candidate does not serve is a refusal",
    enforced: scoped,
    candidate: { ...scoped, hosts: ["other.example"] },
    expected: [...ALLOWED, "deny", "host-unknown", undefined, undefined],
  },
  {
    name: "a host that only the candidate serves: nobody has read the token",
    enforced: { ...scoped, hosts: ["other.example"] },
    candidate: { ...scoped, hosts: ["gw.example"] },
    expected: ["deny", "host-unknown", undefined, undefined, ...UNKNOWN],
  },
  {
    name: "the gateway's own endpoints are not judged",
    enforced: scoped,
    candidate: elsewhere,
    request: { path: "/_gateway/health" },
    expected: undefined,
  },
  {
    name: "an endpoint on a host that only the candidate serves is not judged either",
    enforced: { ...scoped, hosts: ["other.example"] },
    candidate: scoped,
    request: { path: "/_gateway/health" },
    expected: ["deny", "host-unknown", undefined, undefined, "unknown", undefined, undefined, undefined],
  },
  {
    name: "path parameters that only the candidate's upstream takes: nobody has read the token",
    enforced: scoped,
    candidate: { ...scoped, upstreams: { orders: { url: "https://orders.example", allowPathParameters: true } } },
    request: { path: "/orders/7;v=1" },
    expected: ["deny", "path-ambiguous", undefined, undefined, ...UNKNOWN],
  },
  {
    name: "an encoded slash that only the policy's upstream takes is a refusal",
    enforced: { ...scoped, upstreams: { orders: { url: "https://orders.example", allowEncodedSlash: true } } },
    candidate: scoped,
    request: { path: "/orders/7%2F8" },
    expected: [...ALLOWED, "deny", "path-ambiguous", undefined, undefined],
  },
  {
    name: "a path that is ambiguous under both is refused by both",
    enforced: scoped,
    candidate: isPublic,
    request: { path: "/orders//7" },
    expected: undefined,
  },
  {
    name: "a preflight that only the policy answers goes to a route under the candidate",
    enforced: { ...scoped, cors: { origins: ["https://app.example"] } },
    candidate: scoped,
    request: {
      method: "OPTIONS",
      token: null,
      headers: { origin: "https://app.example", "access-control-request-method": "GET" },
    },
    expected: ["allow", undefined, "/orders/:", undefined, "deny", "method-not-allowed", "/orders/:", undefined],
  },
  {
    name: "a client that the candidate does not register is refused",
    enforced: { ...scoped, ...REGISTERED, clients: { web: { scopes: ["read:orders"] } } },
    candidate: { ...scoped, ...REGISTERED, clients: { other: { scopes: ["read:orders"] } } },
    expected: [...ALLOWED, "deny", "client-mismatch", "/orders/:id", undefined],
  },
  {
    name: "the claims of a client are gone that only the candidate registers",
    enforced: { ...scoped, ...REGISTERED, clients: { other: { scopes: ["read:orders"] } } },
    candidate: { ...scoped, ...REGISTERED, clients: { web: { scopes: ["read:orders"] } } },
    expected: ["deny", "client-mismatch", "/orders/:id", undefined, ...UNKNOWN],
  },
  {
    name: "a client that neither registers is refused by both",
    enforced: { ...scoped, ...REGISTERED, clients: { other: { scopes: ["read:orders"] } } },
    candidate: { ...scoped, ...REGISTERED, clients: { another: { scopes: ["read:orders"] } } },
    expected: undefined,
  },
  {
    name: "a credential of another scheme is known without a look at the rest",
    enforced: isPublic,
    candidate: scoped,
    request: { token: null, headers: { authorization: "Basic eDp5" } },
    expected: [...ALLOWED, "deny", "credentials-missing", "/orders/:id", undefined],
  },
  {
    name: "a credential of another scheme is not known under a candidate with DPoP",
    enforced: isPublic,
    candidate: { ...scoped, dpop: {} },
    request: { token: null, headers: { authorization: "DPoP x.y.z" } },
    expected: [...ALLOWED, ...UNKNOWN],
  },
];

it.each(cases)("$name", async ({ enforced, candidate, request = {}, upstream, expected }) => {
  const { method = "GET", path = "/orders/7", token = "valid", headers = {} } = request;
  const { shadow, lines, failures } = await shadowOf({ ...enforced, shadow: "routes.next.json" }, candidate);
  const sent = new Request(`https://gw.example${path}`, {
    method,
    headers: { ...headers, "x-request-id": "one", ...(token !== null && { authorization: `Bearer ${tokens[token]}` }) },
  });
  const keys = new FakeKeyStore(keySetOf(signer.key));
  const policy = compiled(enforced);
  const alone = await sendThrough(policy, keys, sent.clone(), undefined, upstream);
  const shadowed = await sendThrough(policy, keys, sent, shadow, upstream);
  expect(failures).toEqual([]);
  const told = lines.map((line) =>
    ["", "shadow_"].flatMap((of) =>
      ["decision", "reason", "route", "upstream"].map((member) => line[`${of}${member}`]),
    ),
  );
  expect(told).toEqual(expected === undefined ? [] : [expected]);
  expect([shadowed.answer, shadowed.reached]).toEqual([alone.answer, alone.reached]);
});
