/** Tokens that are bound to a key by DPoP (RFC 9449), at the built Worker on workerd. */
import { randomUUID } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, statusAndReason } from "../../support/e2e/call.ts";
import { fullName, gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { createProofKey, hashOf, type ProofKey, signProof } from "../../support/token/dpop-proof.ts";

type Claims = Readonly<Record<string, unknown>>;

const PUBLIC_URL = "https://api.example";
const PAGE = "https://app.example";
const INVALID = "401 dpop-proof-invalid";
const MISMATCH = "401 token-binding-mismatch";

let issuers: Readonly<Record<"accepts" | "requires" | "refuses", TestIssuer>>;
let upstream: TestUpstream;
let gateway: TestGateway;
let withNonces: TestGateway;
let mine: ProofKey;
let cnf: Claims;

beforeAll(async () => {
  mine = await createProofKey();
  cnf = { jkt: await calculateJwkThumbprint(mine.publicJwk) };
  const [accepts, requires, refuses] = await Promise.all([startIssuer(), startIssuer(), startIssuer()]);
  issuers = { accepts, requires, refuses };
  upstream = await startUpstream();
  const issuerOf = ({ url }: TestIssuer, dpop?: string) => ({
    ...{ issuer: url, profile: "cognito", algorithms: ["ES256"] },
    ...(dpop && { binding: { dpop } }),
  });
  const base = gatewayPolicy(accepts, upstream);
  const policy = {
    ...base,
    publicUrl: PUBLIC_URL,
    cors: { origins: [PAGE] },
    issuers: {
      accepts: issuerOf(accepts, "accepted"),
      requires: issuerOf(requires, "required"),
      refuses: issuerOf(refuses),
    },
    dpop: {},
    resources: { "/strict": {} },
    routes: [
      ...base.routes,
      { path: "/strict", methods: ["GET"], authenticated: true, issuers: ["requires"], upstream: "echo" },
      { path: "/plain", methods: ["GET"], authenticated: true, issuers: ["refuses"], upstream: "echo" },
      { path: "/maybe", methods: ["GET"], optional: true, upstream: "echo" },
      { path: "/items/:id", methods: ["GET"], authenticated: true, upstream: "echo" },
    ],
  };
  gateway = await startGateway({ policy });
  withNonces = await startGateway({
    policy: { ...policy, dpop: { nonce: { secret: "NONCES", everySeconds: 3600 } } },
    vars: { NONCES: "a".repeat(32) },
  });
}, 120_000);

afterAll(async () => {
  await Promise.all([gateway?.dispose(), withNonces?.dispose(), upstream?.stop()]);
  await Promise.all(Object.values(issuers ?? {}).map((issuer) => issuer.stop()));
});

beforeEach(() => {
  upstream.received.length = 0;
});

function proofFor(token: string, path: string, claims: Claims = {}, header: Claims = {}, key = mine): Promise<string> {
  const usual = { htm: "GET", htu: PUBLIC_URL + path, iat: Math.floor(Date.now() / 1000), jti: randomUUID() };
  return signProof(key, { ...usual, ath: hashOf(token), ...claims }, header);
}

function send(token: string, proof: string | undefined, path = "/me", at = gateway) {
  const headers = { authorization: `DPoP ${token}`, ...(proof !== undefined && { dpop: proof }) };
  return call(at.origin, `GET ${path}`, { headers });
}

/** Refused requests reach no upstream. */
async function outcomeOf(...request: Parameters<typeof send>): Promise<string> {
  upstream.received.length = 0;
  const outcome = statusAndReason(await send(...request));
  expect(upstream.received).toHaveLength(outcome === "200" ? 1 : 0);
  return outcome;
}

describe("a token that is bound to a key", () => {
  it("is accepted with a new proof for each request, and no upstream gets the proof", async () => {
    for (const issuer of [issuers.accepts, issuers.requires]) {
      const token = await issuer.token({ cnf });
      for (const path of ["/me", "/maybe"]) {
        expect(await outcomeOf(token, await proofFor(token, path), path)).toBe("200");
        expect(upstream.received[0]?.headers).not.toHaveProperty("dpop");
        expect(upstream.received[0]?.headers).not.toHaveProperty("authorization");
      }
    }
  });

  it("is accepted with each spelling of the request's URI, and the query does not count", async () => {
    const token = await issuers.accepts.token({ cnf });
    for (const htu of ["https://API.example:443/items/%7ea?x=1#y", "https://api.example/items/~a"]) {
      expect(await outcomeOf(token, await proofFor(token, "", { htu }), "/items/%7Ea?q=1")).toBe("200");
    }
  });

  it.each<{ name: string; claims?: Claims; header?: Claims }>([
    { name: "of another method", claims: { htm: "POST" } },
    { name: "of another path", claims: { htu: `${PUBLIC_URL}/you` } },
    { name: "of the address behind `publicUrl`", claims: { htu: "http://127.0.0.1/me" } },
    { name: "of another token", claims: { ath: hashOf("other") } },
    { name: "of two minutes ago", claims: { iat: Math.floor(Date.now() / 1000) - 120 } },
    { name: "without `jti`", claims: { jti: undefined } },
    { name: "of another type", header: { typ: "JWT" } },
  ])("is refused with a proof $name", async ({ claims, header }) => {
    const token = await issuers.accepts.token({ cnf });
    expect(await outcomeOf(token, await proofFor(token, "/me", claims, header))).toBe(INVALID);
  });

  it("is refused without a proof, with two, and with one that was used before", async () => {
    const token = await issuers.accepts.token({ cnf });
    expect(await outcomeOf(token, undefined)).toBe(INVALID);
    const [one, two] = [await proofFor(token, "/me"), await proofFor(token, "/me")];
    expect(await outcomeOf(token, `${one}, ${two}`)).toBe(INVALID);
    expect(await outcomeOf(token, one)).toBe("200");
    expect(await outcomeOf(token, one)).toBe(INVALID);
    expect(await outcomeOf(token, two)).toBe("200");
  });

  it("accepts exactly one of two equal proofs at once", async () => {
    const token = await issuers.accepts.token({ cnf });
    const proof = await proofFor(token, "/me");
    const outcomes = await Promise.all([send(token, proof), send(token, proof)]);
    expect(outcomes.map(statusAndReason).sort()).toEqual(["200", INVALID]);
  });

  it("is refused with a proof by another key, also if the proof was good for it", async () => {
    const token = await issuers.accepts.token({ cnf });
    const other = await createProofKey();
    expect(await outcomeOf(token, await proofFor(token, "/me", {}, {}, other))).toBe(MISMATCH);
  });

  it("is refused as a bearer token, with a proof or without", async () => {
    const token = await issuers.accepts.token({ cnf });
    const proof = await proofFor(token, "/me");
    for (const headers of [undefined, { dpop: proof }]) {
      const answer = await call(gateway.origin, "GET /me", { token, ...(headers && { headers }) });
      expect(statusAndReason(answer)).toBe(MISMATCH);
    }
    expect(upstream.received).toEqual([]);
  });
});

describe("a token that is bound to nothing", () => {
  it.each([
    { issuer: "accepts", bearer: "200", dpop: MISMATCH },
    { issuer: "refuses", bearer: "200", dpop: MISMATCH },
    { issuer: "requires", bearer: "401 token-binding-missing", dpop: "401 token-binding-missing" },
  ] as const)("of the issuer that $issuer bindings", async ({ issuer, bearer, dpop }) => {
    const token = await issuers[issuer].token();
    expect(statusAndReason(await call(gateway.origin, "GET /me", { token }))).toBe(bearer);
    expect(await outcomeOf(token, await proofFor(token, "/me"))).toBe(dpop);
  });
});

it("a token with the scheme DPoP is refused where no issuer binds tokens, too", async () => {
  const unused = await startGateway({ policy: { ...gatewayPolicy(issuers.refuses, upstream), dpop: {} } });
  try {
    const token = await issuers.refuses.token();
    expect(await outcomeOf(token, await proofFor(token, "/me"), "/me", unused)).toBe(MISMATCH);
    expect(statusAndReason(await call(unused.origin, "GET /me", { token }))).toBe("200");
  } finally {
    await unused.dispose();
  }
});

describe("a challenge", () => {
  const bearer = (path: string, text = "") =>
    `Bearer realm="scopegate"${text}, resource_metadata="${PUBLIC_URL}/.well-known/oauth-protected-resource${path}"`;
  const dpop = (path: string, text = "") => `${bearer(path, text).replace("Bearer", "DPoP")}, algs="ES256 EdDSA"`;

  it.each([
    { path: "/me", expected: `${bearer("")}, ${dpop("")}` },
    { path: "/strict", expected: dpop("/strict") },
    { path: "/plain", expected: bearer("") },
  ])("without a token offers what serves on $path", async ({ path, expected }) => {
    const { headers } = await call(gateway.origin, `GET ${path}`);
    expect(headers.get("www-authenticate")).toBe(expected);
    expect(headers.has("dpop-nonce")).toBe(false);
  });

  it("names the scopes for both schemes", async () => {
    const { headers } = await call(gateway.origin, "GET /products");
    const scope = `, scope="${fullName("read:products")}"`;
    expect(headers.get("www-authenticate")).toBe(`${bearer("", scope)}, ${dpop("", scope)}`);
  });

  it("has the error in the scheme that was tried, and there alone", async () => {
    const error = /error="invalid_token"/;
    const asBearer = await call(gateway.origin, "GET /me", { token: "x" });
    const asDpop = await send("x", undefined);
    const [first, second] = [asBearer, asDpop].map(({ headers }) =>
      String(headers.get("www-authenticate")).split(/, (?=DPoP)/),
    );
    expect(first?.map((it) => error.test(it))).toEqual([true, false]);
    expect(second?.map((it) => error.test(it))).toEqual([false, true]);
    const strict = await call(gateway.origin, "GET /strict", { token: "x" });
    expect(strict.headers.get("www-authenticate")).toMatch(
      /^Bearer .*error="invalid_token".*, DPoP realm="scopegate", resource/,
    );
  });

  it("for a bad proof offers DPoP alone", async () => {
    const { headers } = await send(await issuers.accepts.token({ cnf }), "rubbish");
    expect(headers.get("www-authenticate")).toMatch(
      /^DPoP realm="scopegate", error="invalid_dpop_proof", .*, algs="ES256 EdDSA"$/,
    );
    expect(headers.get("www-authenticate")).not.toContain("Bearer");
  });

  it("for two credentials is a 400 in the first one's scheme", async () => {
    for (const [authorization, scheme] of [
      ["DPoP a, DPoP b", "DPoP"],
      ["Bearer a, DPoP b", "Bearer"],
    ] as const) {
      const answer = await call(gateway.origin, "GET /me", { headers: { authorization } });
      expect(statusAndReason(answer)).toBe("400 credentials-malformed");
      expect(answer.headers.get("www-authenticate")).toMatch(
        new RegExp(`${scheme} realm="scopegate", error="invalid_request"`),
      );
    }
  });
});

describe("nonces", () => {
  it("come with each challenge, are required, and are not told again to those who have the current one", async () => {
    const token = await issuers.accepts.token({ cnf });
    const challenged = await call(withNonces.origin, "GET /me");
    const refused = await send(token, await proofFor(token, "/me"), "/me", withNonces);
    expect(statusAndReason(refused)).toBe("401 dpop-nonce-required");
    expect(refused.headers.get("www-authenticate")).toMatch(/^DPoP .*error="use_dpop_nonce"/);
    expect(refused.headers.get("cache-control")).toBe("no-store");
    const nonce = refused.headers.get("dpop-nonce");
    expect(challenged.headers.get("dpop-nonce")).toBe(nonce);
    expect(upstream.received).toEqual([]);
    const accepted = await send(token, await proofFor(token, "/me", { nonce }), "/me", withNonces);
    expect(statusAndReason(accepted)).toBe("200");
    expect(accepted.headers.has("dpop-nonce")).toBe(false);
    expect(await outcomeOf(token, await proofFor(token, "/me", { nonce: "old" }), "/me", withNonces)).toBe(
      "401 dpop-nonce-required",
    );
  });

  it("are no part of the answers to bearer tokens", async () => {
    const answer = await call(withNonces.origin, "GET /me", { token: await issuers.accepts.token() });
    expect(statusAndReason(answer)).toBe("200");
    expect(answer.headers.has("dpop-nonce")).toBe(false);
  });

  it.each([undefined, "", "a".repeat(31)])("with the secret %j serve nothing", async (secret) => {
    const policy = {
      ...gatewayPolicy(issuers.accepts, upstream),
      dpop: { nonce: { secret: "NONCES" } },
    };
    const faulty = await startGateway({ policy, vars: secret === undefined ? {} : { NONCES: secret } });
    try {
      expect(statusAndReason(await call(faulty.origin, "GET /open"))).toBe("500 policy-invalid");
      expect(upstream.received).toEqual([]);
    } finally {
      await faulty.dispose();
    }
  });
});

describe("browsers", () => {
  it("may send proofs and read nonces", async () => {
    const headers = {
      origin: PAGE,
      "access-control-request-method": "GET",
      "access-control-request-headers": "authorization, DPoP, x-auth-subject",
    };
    const preflight = await call(gateway.origin, "OPTIONS /me", { headers });
    expect(preflight.headers.get("access-control-allow-headers")).toBe("authorization, dpop");
    const foreign = await call(gateway.origin, "OPTIONS /me", {
      headers: { ...headers, origin: "https://evil.example" },
    });
    expect(foreign.headers.has("access-control-allow-headers")).toBe(false);
    const answer = await call(withNonces.origin, "GET /me", { headers: { origin: PAGE } });
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/www-authenticate.*, dpop-nonce$/);
  });
});

describe("the metadata", () => {
  it("has the algorithms of proofs, and says where every token is bound by DPoP", async () => {
    const [all, strict] = await Promise.all(
      ["", "/strict"].map(async (path) => {
        const { body } = await call(gateway.origin, `GET /.well-known/oauth-protected-resource${path}`);
        return JSON.parse(body) as Claims;
      }),
    );
    expect(all?.["dpop_signing_alg_values_supported"]).toEqual(["ES256", "EdDSA"]);
    expect(all).not.toHaveProperty("dpop_bound_access_tokens_required");
    expect(strict).toMatchObject({
      dpop_signing_alg_values_supported: ["ES256", "EdDSA"],
      dpop_bound_access_tokens_required: true,
    });
  });
});
