import { createHash, createHmac } from "node:crypto";
import { exportSPKI } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rawRequest } from "../../../src/local/raw-request.ts";
import { startServer, type TestServer } from "../../support/e2e/test-server.ts";
import { originKinds, startOrigin } from "../../support/origins/origins.ts";
import { projectFile } from "../../support/project/project-files.ts";
import { type Claims, createSigningKey, type SigningKey, signClaims } from "../../support/token/signing-key.ts";

const ISSUER = "https://gateway.example.com";
const TRUST_DOMAIN = "internal.example.com";
const MAX_LINES = 30;
const TYP = "txntoken+jwt";

const hashOf = (query: string): string => createHash("sha256").update(query).digest("base64url");
const seconds = (): number => Math.floor(Date.now() / 1000);

/** How an assertion differs from a good one for `GET /orders/a%20b?page=2&q=a%2Bb`. */
interface Change {
  readonly key?: SigningKey;
  readonly header?: Claims;
  readonly claims?: Claims;
  readonly rctx?: Claims;
}

const PATH = "/orders/a%20b";
const QUERY = "page=2&q=a%2Bb";

const first = await createSigningKey("key-1");
const second = await createSigningKey("key-2");
const attacker = await createSigningKey("key-1");
const unpublished = await createSigningKey("key-3");
const rsa = await createSigningKey("key-rsa", "RS256");

function assertion({ key = first, header, claims, rctx }: Change = {}): Promise<string> {
  const iat = seconds();
  const usual = {
    iss: ISSUER,
    aud: TRUST_DOMAIN,
    iat,
    exp: iat + 60,
    txn: "request-1",
    sub: "customer",
    scope: "read:orders",
    rctx: { method: "GET", route: "/orders/:id", path: PATH, query_sha256: hashOf(QUERY), ...rctx },
  };
  return signClaims(key, { ...usual, ...claims }, { typ: TYP, ...header });
}

/** An assertion with an HMAC whose secret is a published key, or without any signature. */
async function unsigned(alg: "HS256" | "none", secret = ""): Promise<string> {
  const [, payload] = (await assertion()).split(".");
  const header = Buffer.from(JSON.stringify({ alg, kid: "key-1", typ: TYP })).toString("base64url");
  const signature =
    alg === "none" ? "" : createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url");
  return `${header}.${payload}.${signature}`;
}

type Headers = Record<string, string | string[]>;
interface Refusal {
  readonly name: string;
  readonly headers: () => Headers | Promise<Headers>;
  readonly method?: string;
  readonly target?: string;
}

const withAssertion = (change?: Change) => async (): Promise<Headers> => ({ "txn-token": await assertion(change) });
const TARGET = `${PATH}?${QUERY}`;

const FOLDED_PATH = "a path with dot segments";

const REFUSALS: readonly Refusal[] = [
  { name: "no assertion", headers: () => ({}) },
  {
    name: "claim headers of a direct caller alone",
    headers: () => ({ "x-auth-subject": "customer", "x-auth-scopes": "read:orders", authorization: "Bearer x" }),
  },
  { name: "an empty assertion", headers: () => ({ "txn-token": "" }) },
  { name: "no JWT", headers: () => ({ "txn-token": "not.a.token" }) },
  { name: "two assertions", headers: async () => ({ "txn-token": [await assertion(), await assertion()] }) },
  { name: "another key with the published kid", headers: withAssertion({ key: attacker }) },
  { name: "a key that is not published", headers: withAssertion({ key: unpublished }) },
  { name: "no signature", headers: async () => ({ "txn-token": await unsigned("none") }) },
  {
    name: "an HMAC with the public key as PEM",
    headers: async () => ({ "txn-token": await unsigned("HS256", await exportSPKI(first.publicKey)) }),
  },
  {
    name: "an HMAC with the public key as JWK",
    headers: async () => ({ "txn-token": await unsigned("HS256", JSON.stringify(first.publicJwk)) }),
  },
  { name: "an RSA key that is published", headers: withAssertion({ key: rsa }) },
  {
    name: "a changed payload",
    headers: async () => {
      const [header, , signature] = (await assertion()).split(".");
      const [, payload] = (await assertion({ claims: { sub: "admin" } })).split(".");
      return { "txn-token": `${header}.${payload}.${signature}` };
    },
  },
  {
    name: "an assertion that expired",
    headers: withAssertion({ claims: { iat: seconds() - 67, exp: seconds() - 7 } }),
  },
  { name: "no expiry", headers: withAssertion({ claims: { exp: undefined } }) },
  { name: "no time of issue", headers: withAssertion({ claims: { iat: undefined } }) },
  {
    name: "a time of issue to come",
    headers: withAssertion({ claims: { iat: seconds() + 60, exp: seconds() + 120 } }),
  },
  { name: "another trust domain", headers: withAssertion({ claims: { aud: "other.example.com" } }) },
  { name: "no trust domain", headers: withAssertion({ claims: { aud: undefined } }) },
  { name: "another issuer", headers: withAssertion({ claims: { iss: "https://other.example.com" } }) },
  { name: "no issuer", headers: withAssertion({ claims: { iss: undefined } }) },
  { name: "no subject", headers: withAssertion({ claims: { sub: undefined } }) },
  { name: "the type of an access token", headers: withAssertion({ header: { typ: "at+jwt" } }) },
  { name: "no type", headers: withAssertion({ header: { typ: undefined } }) },
  { name: "another path", headers: withAssertion(), target: `/orders/a?${QUERY}` },
  { name: "another spelling of the path", headers: withAssertion(), target: `/orders/%61%20b?${QUERY}` },
  { name: FOLDED_PATH, headers: withAssertion(), target: `/x/..${TARGET}` },
  { name: "another query", headers: withAssertion(), target: `${PATH}?page=3&q=a%2Bb` },
  { name: "another order of the query", headers: withAssertion(), target: `${PATH}?q=a%2Bb&page=2` },
  { name: "no query", headers: withAssertion(), target: PATH },
  { name: "another method", headers: withAssertion(), method: "DELETE" },
  { name: "an assertion without its path", headers: withAssertion({ rctx: { path: undefined } }) },
  { name: "an assertion without its query", headers: withAssertion({ rctx: { query_sha256: undefined } }) },
  { name: "an assertion without its method", headers: withAssertion({ rctx: { method: undefined } }) },
  { name: "an assertion without its request", headers: withAssertion({ claims: { rctx: undefined } }) },
];

let jwks: TestServer;
let published: readonly SigningKey[] = [];
let isServing = true;

beforeAll(async () => {
  jwks = await startServer((_request, response) => {
    response.writeHead(isServing ? 200 : 500, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: published.map(({ publicJwk, alg }) => ({ ...publicJwk, alg })) }));
  });
});
afterAll(() => jwks.stop());

const kinds = originKinds();

it.each([...kinds.map(({ file }) => file), "examples/origins/spring/VerifyAssertion.java"])(
  `has at most ${MAX_LINES} lines: %s`,
  (file) => {
    const lines = projectFile(file).trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  },
);

describe.each(kinds)("the verifier for $name", (kind) => {
  const start = (): Promise<string> =>
    startOrigin(kind, { issuer: ISSUER, trustDomain: TRUST_DOMAIN, jwksUrl: `${jwks.origin}/_gateway/jwks.json` });
  const ask = async (origin: string, change?: Change) => {
    const { status, body } = await rawRequest({ origin, path: TARGET, headers: await withAssertion(change)() });
    return { status, ...(status === 200 && { subject: JSON.parse(body).subject }) };
  };
  const isMissing = kind.lack !== undefined;
  // Hono gets a `Request`, whose URL has no dot segments: it routes by the same path that the verifier compares.
  const refusals = REFUSALS.filter(({ name }) => kind.name !== "Hono" || name !== FOLDED_PATH);
  let origin = "";

  beforeAll(async () => {
    published = [first, rsa];
    isServing = true;
    if (!isMissing) origin = await start();
  });

  it.skipIf(!isMissing)(`is not run: ${kind.lack}`, ({ skip }: { skip: (note: string) => void }) =>
    skip(kind.lack ?? ""),
  );

  it.skipIf(isMissing)("accepts a good assertion, and again for the same request", async () => {
    const accepted = { status: 200, subject: "customer" };
    expect([await ask(origin), await ask(origin)]).toEqual([accepted, accepted]);
  });

  /**
   * Debian's version of golang-jwt knows no tolerance. Version 5, which the guide names, leaves the times to the
   * verifier.
   */
  it.skipIf(isMissing || kind.name === "Go")("tolerates a clock that is some seconds ahead", async () => {
    const claims = { iat: seconds() - 62, exp: seconds() - 2 };
    expect((await ask(origin, { claims })).status).toBe(200);
  });

  it.skipIf(isMissing)("accepts an assertion for a request without a query", async () => {
    const headers = await withAssertion({ rctx: { path: "/", query_sha256: hashOf("") } })();
    expect(await rawRequest({ origin, path: "/", headers })).toMatchObject({ status: 200 });
  });

  it.skipIf(isMissing).each(refusals)("refuses $name", async ({ headers, method = "GET", target = TARGET }) => {
    const { status, body } = await rawRequest({ origin, method, path: target, headers: await headers() });
    expect(status).toBe(401);
    expect(body).not.toContain("customer");
  });

  it.skipIf(isMissing)("accepts what either key signs while keys are rotated, then the new one alone", async () => {
    const rotated = { key: second };
    published = [first, second];
    const during = await start();
    expect([(await ask(during)).status, (await ask(during, rotated)).status]).toEqual([200, 200]);
    published = [second];
    const after = await start();
    expect([(await ask(after)).status, (await ask(after, rotated)).status]).toEqual([401, 200]);
  });

  it.skipIf(isMissing || kind.name === "Go")("refuses all while it has no keys", async () => {
    isServing = false;
    const without = await start();
    expect(await ask(without)).toEqual({ status: 401 });
  });
});
