/** Forged tokens against the built Worker: each is refused for the right reason, and none reaches the upstream. */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { statusAndReason } from "../support/e2e/call.ts";
import { fullName, gatewayPolicy } from "../support/e2e/gateway-policy.ts";
import { sendLines, type WireAnswer } from "../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../support/e2e/test-gateway.ts";
import { startServer, type TestServer } from "../support/e2e/test-server.ts";
import { type RawUpstream, startRawUpstream } from "../support/hostile/raw-upstream.ts";
import { auditRequest, type ClaimFields } from "../support/hostile/upstream-audit.ts";
import { API } from "../support/policy/example-policy.ts";
import { publishes, type ScriptedIssuer, startScriptedIssuer } from "../support/scripted/scripted-issuer.ts";
import { createForger, type Forger, part } from "../support/token/forger.ts";

/** Long enough for a slow machine. Tests with a clock of their own check the exact second. */
const TOLERANCE_SECONDS = 60;
const now = Math.floor(Date.now() / 1000);

let issuer: ScriptedIssuer;
let upstream: RawUpstream;
let gateway: TestGateway;
let forger: Forger;
/** The server that `jku` and `x5u` point to. It must get no request. */
let bait: TestServer;
let baitRequests = 0;

beforeAll(async () => {
  [issuer, upstream, bait] = await Promise.all([
    startScriptedIssuer(),
    startRawUpstream(),
    startServer((_request, response) => {
      baitRequests += 1;
      response.end(JSON.stringify({ keys: [forger.keys.attacker.publicJwk] }));
    }),
  ]);
  forger = await createForger((name) => issuer.url(name));
  const { main, mainRsa, mainShared, other, otherShared, pool } = forger.keys;
  issuer.script("main", publishes(main.publicJwk, mainRsa.publicJwk, mainShared.publicJwk));
  issuer.script("other", publishes(other.publicJwk, otherShared.publicJwk));
  issuer.script("pool", publishes(pool.publicJwk));
  const issuerOf = (name: string, profile: string, audiences: readonly string[] | undefined) => ({
    issuer: issuer.url(name),
    jwksUri: issuer.jwksUri(name),
    profile,
    audiences,
    algorithms: ["ES256", "RS256", "EdDSA"],
    clockToleranceSeconds: TOLERANCE_SECONDS,
  });
  const issuers = {
    main: issuerOf("main", "rfc9068", [API]),
    other: issuerOf("other", "generic", ["https://other.example"]),
    pool: issuerOf("pool", "cognito", undefined),
  };
  const routes = [{ path: "/products", methods: ["GET"], scopes: ["read:products"], upstream: "echo" }];
  gateway = await startGateway({ policy: gatewayPolicy({ url: "" }, upstream, { issuers, routes }) });
});
afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop(), bait?.stop()]);
});
beforeEach(() => {
  upstream.received.length = 0;
});

function present(token: string): Promise<WireAnswer> {
  return sendLines(gateway.origin, ["GET /products HTTP/1.1", `Authorization: Bearer ${token}`]);
}

/** The claim headers that the upstream gets with a good token. */
function usualClaims(changes: ClaimFields = {}): ClaimFields {
  return {
    "x-auth-subject": "user-1",
    "x-auth-client-id": "app",
    "x-auth-scopes": fullName("read:products"),
    "x-auth-issuer": issuer.url("main"),
    "x-auth-token-id": "token-1",
    ...changes,
  };
}

interface HostileToken {
  readonly name: string;
  readonly forge: () => string | Promise<string>;
  readonly expected: string;
}

/** Sends the token twice: a cache must not turn a refusal into anything else. */
async function expectRefused({ forge, expected }: HostileToken): Promise<void> {
  const token = await forge();
  for (let time = 0; time < 2; time++) {
    const answer = await present(token);
    expect(statusAndReason(answer)).toBe(expected);
    if (answer.status === 401)
      expect(answer.headers.get("www-authenticate")?.join()).toContain('error="invalid_token"');
    for (const text of token.split(".")) if (text.length > 20) expect(answer.body).not.toContain(text);
  }
  expect(upstream.received).toEqual([]);
}

describe("the control", () => {
  it.each([
    { name: "a good token", forge: () => forger.sign() },
    { name: "one of the other algorithm", forge: () => forger.sign({ key: forger.keys.mainRsa }) },
    {
      name: "one of a key whose kid another issuer has, too",
      forge: () => forger.sign({ key: forger.keys.mainShared }),
    },
  ])("$name is accepted", async ({ forge }) => {
    expect(statusAndReason(await present(await forge()))).toBe("200");
    expect(upstream.received.map((request) => auditRequest(request, usualClaims()))).toEqual([[]]);
  });
});

/** A token whose header says another `alg` than its key has. */
const withAlg = (alg: unknown) => () => forger.sign({ header: { alg } });

describe("a token whose alg is tampered with is refused", () => {
  it.each<HostileToken>([
    ...["none", "None", "NONE", "nOnE", "", "none ", " none", "none\0", "HS256", "HS384", "HS512", "ES256 ", "es256"]
      .concat([
        "ES256K",
        "ES384",
        "PS256",
        "RS512",
        "dir",
        "A256KW",
        "RSA-OAEP",
        "constructor",
        "__proto__",
        "toString",
      ])
      .map((alg) => ({ name: JSON.stringify(alg), forge: withAlg(alg), expected: "401 algorithm-refused" })),
    ...[undefined, null, 0, true, ["ES256"], ["none"], { alg: "ES256" }].map((alg) => ({
      name: `${JSON.stringify(alg)}, which is no string`,
      forge: withAlg(alg),
      expected: "401 token-malformed",
    })),
    { name: "an accepted one that its key is not for", forge: withAlg("RS256"), expected: "401 key-unknown" },
    { name: "another that its key is not for", forge: withAlg("EdDSA"), expected: "401 key-unknown" },
    ...(["HS256", "HS384", "HS512"] as const).flatMap((alg) =>
      (["pem", "jwk", "n", "empty"] as const).map((form) => ({
        name: `${alg} with the public key as its secret (${form})`,
        forge: () => forger.signWithPublic(alg, form),
        expected: "401 algorithm-refused",
      })),
    ),
    {
      name: "none, without a signature",
      forge: () =>
        `${forger
          .texts({ header: { alg: "none" } })
          .map(part)
          .join(".")}.`,
      expected: "401 algorithm-refused",
    },
    {
      name: "ES256, without a signature",
      forge: () => `${forger.texts().map(part).join(".")}.`,
      expected: "401 signature-invalid",
    },
    {
      name: "ES256, with a signature of zeros (CVE-2022-21449)",
      forge: () => `${forger.texts().map(part).join(".")}.${"A".repeat(86)}`,
      expected: "401 signature-invalid",
    },
  ])("$name", expectRefused);
});

describe("a token whose header carries more than it should is refused", () => {
  const signedByAttacker = (header: () => Readonly<Record<string, unknown>>) => () =>
    forger.sign({ key: forger.keys.attacker, header: header() });
  it.each<HostileToken>([
    ...[["b64"], ["exp"], ["alg"], [], null, "b64", { b64: true }, ["http://example.com/x"]].map((crit) => ({
      name: `crit ${JSON.stringify(crit)}`,
      forge: () => forger.sign({ header: { crit, b64: true, exp: 1 } }),
      expected: "401 token-malformed",
    })),
    {
      name: "an unencoded payload (RFC 7797)",
      forge: async () => {
        const [header, payload] = forger.texts({ header: { crit: ["b64"], b64: false } });
        return forger.signParts(part(header), payload.replaceAll(".", "-"));
      },
      expected: "400 credentials-malformed",
    },
    {
      name: "b64 without crit and a payload that was signed unencoded",
      forge: async () => {
        const [header, payload] = forger.texts({ header: { b64: false } });
        const [, , signature = ""] = (await forger.signParts(part(header), payload.replaceAll(".", "-"))).split(".");
        return [part(header), part(payload), signature].join(".");
      },
      expected: "401 signature-invalid",
    },
    {
      name: "the attacker's own key as jwk",
      forge: signedByAttacker(() => ({ jwk: forger.keys.attacker.publicJwk })),
      expected: "401 signature-invalid",
    },
    {
      name: "the attacker's own key as jwk, and no kid",
      forge: signedByAttacker(() => ({ jwk: forger.keys.attacker.publicJwk, kid: undefined })),
      expected: "401 key-unknown",
    },
    {
      name: "the address of the attacker's keys as jku",
      forge: signedByAttacker(() => ({ jku: `${bait.origin}/jwks.json` })),
      expected: "401 signature-invalid",
    },
    {
      name: "the address of the attacker's keys as jku, and a kid of theirs",
      forge: signedByAttacker(() => ({ jku: `${bait.origin}/jwks.json`, kid: "evil" })),
      expected: "401 key-unknown",
    },
    {
      name: "the address of a certificate as x5u",
      forge: signedByAttacker(() => ({ x5u: `${bait.origin}/cert.pem` })),
      expected: "401 signature-invalid",
    },
    {
      name: "a certificate as x5c, with its hash",
      forge: signedByAttacker(() => ({ x5c: ["MIIB"], x5t: "AAAA", "x5t#S256": "AAAA" })),
      expected: "401 signature-invalid",
    },
  ])("$name", expectRefused);

  it("and no address in it was ever asked", () => {
    expect(baitRequests).toBe(0);
  });
});

describe("a token whose kid is tampered with is refused", () => {
  it.each<HostileToken>([
    ...["../../../../dev/null", "/etc/passwd", "file:///dev/null", "main-1/../main-1", "http://127.0.0.1/jwks.json"]
      .concat([
        "' OR '1'='1",
        "x' UNION SELECT 'key';--",
        "main-1\0",
        "main-1\n",
        " main-1",
        "main-1 ",
        "MAIN-1",
        "main‐1",
      ])
      .concat(["__proto__", "constructor", "toString", "", "*", "main-1,main-1", "$(id)", "{{7*7}}", "k".repeat(8_000)])
      .map((kid) => ({
        name: kid.length < 40 ? JSON.stringify(kid) : `of ${kid.length} characters`,
        forge: () => forger.sign({ header: { kid } }),
        expected: "401 key-unknown",
      })),
    {
      name: "of 64 KiB",
      forge: () => forger.sign({ header: { kid: "k".repeat(64 * 1024) } }),
      expected: "400 credentials-malformed",
    },
    { name: "left out", forge: () => forger.sign({ header: { kid: undefined } }), expected: "401 key-unknown" },
    ...[null, 1, true, ["main-1"], { kid: "main-1" }].map((kid) => ({
      name: `${JSON.stringify(kid)}, which is no string`,
      forge: () => forger.sign({ header: { kid } }),
      expected: "401 token-malformed",
    })),
  ])("$name", expectRefused);

  it("and all these unknown kids caused one request to the issuer at most", () => {
    // Once for the first token, once to look for an unknown kid: the cooldown covers this whole file.
    expect(issuer.requests("main")).toBeLessThanOrEqual(2);
  });
});

describe("a token in another form is refused", () => {
  it.each<HostileToken>([
    {
      name: "one signed token in another",
      forge: async () => forger.signTexts(forger.texts({ header: { cty: "JWT" } })[0], await forger.sign()),
      expected: "401 token-malformed",
    },
    {
      name: "one signed token in a claim of another, which has the claims otherwise missing",
      forge: async () => forger.sign({ claims: { jwt: await forger.sign(), sub: undefined } }),
      expected: "401 claim-missing",
    },
    {
      name: "an encrypted token",
      forge: () => [part('{"alg":"dir","enc":"A256GCM"}'), "", "AAAA", "AAAA", "AAAA"].join("."),
      expected: "401 token-malformed",
    },
    {
      name: "an encrypted token around a signed one",
      forge: async () =>
        [part('{"alg":"RSA-OAEP","enc":"A256GCM","cty":"JWT"}'), "AA", "AA", part(await forger.sign()), "AA"].join("."),
      expected: "401 token-malformed",
    },
    {
      name: "a detached payload",
      forge: async () => (await forger.sign()).replace(/\..*\./, ".."),
      expected: "401 token-malformed",
    },
    { name: "a header alone", forge: () => part(forger.texts()[0]), expected: "401 token-malformed" },
    { name: "nothing but full stops", forge: () => "..", expected: "401 token-malformed" },
    { name: "a fourth part", forge: async () => `${await forger.sign()}.AAAA`, expected: "401 token-malformed" },
    {
      name: "the JSON serialization",
      forge: async () => {
        const [header, payload, signature] = (await forger.sign()).split(".");
        return JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
      },
      expected: "400 credentials-malformed",
    },
    {
      name: "the flattened JSON serialization as base64url",
      forge: async () => {
        const [header, payload, signature] = (await forger.sign()).split(".");
        return part(JSON.stringify({ payload, protected: header, signature }));
      },
      expected: "401 token-malformed",
    },
    {
      name: "two tokens",
      forge: async () => `${await forger.sign()} ${await forger.sign()}`,
      expected: "400 credentials-malformed",
    },
    { name: "a token in quotes", forge: async () => `"${await forger.sign()}"`, expected: "400 credentials-malformed" },
    {
      name: "a token of more than 16 KiB",
      forge: () => forger.sign({ claims: { x: "x".repeat(16_000) } }),
      expected: "400 credentials-malformed",
    },
  ])("$name", expectRefused);
});

describe("a payload that is no object of claims is refused", () => {
  it.each<HostileToken>(
    [
      "",
      "null",
      "[]",
      '"{}"',
      "1",
      "true",
      "{",
      "{}{}",
      "\u{feff}{}",
      "{'a':1}",
      '{"iss":}',
      "// {}",
      "[".repeat(5_000),
    ].map((payload) => ({
      name: JSON.stringify(payload.slice(0, 20)),
      forge: () => forger.signTexts(forger.texts()[0], payload),
      expected: "401 token-malformed",
    })),
  )("$name", expectRefused);

  it.each<HostileToken>([
    { name: "an empty object", forge: () => forger.signTexts(forger.texts()[0], "{}"), expected: "401 claim-missing" },
    {
      name: "claims under __proto__",
      forge: () => forger.signTexts(forger.texts()[0], `{"__proto__":${forger.texts()[1]}}`),
      expected: "401 claim-missing",
    },
    {
      name: "a header under __proto__",
      forge: () => forger.signTexts(`{"__proto__":${forger.texts()[0]}}`, forger.texts()[1]),
      expected: "401 token-malformed",
    },
  ])("$name", expectRefused);
});

/** A good token's payload with one member written as this text. */
function withLiteral(name: string, literal: string): () => Promise<string> {
  return () => {
    const [header, payload] = forger.texts({ claims: { [name]: "LITERAL" } });
    return forger.signTexts(header, payload.replace('"LITERAL"', literal));
  };
}

describe("a member that stands twice counts as the last one (RFC 7515 4, RFC 7519 4)", () => {
  it.each<HostileToken>([
    { name: "an alg", forge: () => duplicated('"alg":"none"', "header"), expected: "401 algorithm-refused" },
    { name: "a kid", forge: () => duplicated('"kid":"unknown"', "header"), expected: "401 key-unknown" },
    { name: "a crit", forge: () => duplicated('"crit":["b64"]', "header"), expected: "401 token-malformed" },
    {
      name: "an issuer",
      forge: () => duplicated('"iss":"https://evil.example"', "payload"),
      expected: "401 issuer-unknown",
    },
    { name: "an expiry", forge: () => duplicated('"exp":1', "payload"), expected: "401 token-expired" },
    {
      name: "an audience",
      forge: () => duplicated('"aud":"https://evil.example"', "payload"),
      expected: "401 audience-mismatch",
    },
    { name: "a scope", forge: () => duplicated('"scope":""', "payload"), expected: "403 scope-insufficient" },
    {
      name: "an expiry in an escaped spelling",
      forge: () => duplicated('"\\u0065xp":1', "payload"),
      expected: "401 token-expired",
    },
  ])("$name", expectRefused);

  it("and what is forwarded is the last one, too", async () => {
    const [header, payload] = forger.texts();
    const token = await forger.signTexts(header, payload.replace("{", '{"sub":"root","client_id":"root",'));
    expect(statusAndReason(await present(token))).toBe("200");
    expect(upstream.received.map((request) => auditRequest(request, usualClaims()))).toEqual([[]]);
  });

  function duplicated(member: string, place: "header" | "payload"): Promise<string> {
    const [header, payload] = forger.texts();
    const twice = (text: string) => `${text.slice(0, -1)},${member}}`;
    return place === "header" ? forger.signTexts(twice(header), payload) : forger.signTexts(header, twice(payload));
  }
});

describe("a time of the wrong type or value is refused", () => {
  it.each<HostileToken>([
    ...['"4102444800"', "1e400", "-1e400", "null", "true", "[4102444800]", "{}", '""', '"Infinity"'].map((literal) => ({
      name: `exp ${literal}`,
      forge: withLiteral("exp", literal),
      expected: "401 claim-missing",
    })),
    { name: "no exp", forge: () => forger.sign({ claims: { exp: undefined } }), expected: "401 claim-missing" },
    ...["-1", "0", "-0", "1e-400", "1", "-4102444800", String(now - TOLERANCE_SECONDS - 1)].map((literal) => ({
      name: `exp ${literal}`,
      forge: withLiteral("exp", literal),
      expected: "401 token-expired",
    })),
    ...["nbf", "iat"].flatMap((name) => [
      ...['"1"', "1e400", "null", "false", "[1]", "{}"].map((literal) => ({
        name: `${name} ${literal}`,
        forge: withLiteral(name, literal),
        // The profile requires `iat`, and a required claim of the wrong type counts as missing.
        expected: name === "iat" ? "401 claim-missing" : "401 token-malformed",
      })),
      {
        name: `${name} ahead`,
        forge: withLiteral(name, String(now + 10 * TOLERANCE_SECONDS)),
        expected: "401 token-not-yet-valid",
      },
      { name: `${name} 1e20`, forge: withLiteral(name, "1e20"), expected: "401 token-not-yet-valid" },
    ]),
  ])("$name", expectRefused);

  it.each([
    { name: "exp within the tolerance", forge: () => forger.sign({ claims: { exp: now - TOLERANCE_SECONDS / 2 } }) },
    { name: "exp with a fraction", forge: withLiteral("exp", "4102444800.5") },
    { name: "nbf within the tolerance", forge: () => forger.sign({ claims: { nbf: now + TOLERANCE_SECONDS / 2 } }) },
    { name: "nbf long ago", forge: withLiteral("nbf", "-1e300") },
  ])("but not $name", async ({ forge }) => {
    expect(statusAndReason(await present(await forge()))).toBe("200");
  });
});

describe("a claim of the wrong type or value is refused", () => {
  const claim = (name: string, value: unknown, expected: string): HostileToken => ({
    name: `${name} ${JSON.stringify(value)}`,
    forge: () => forger.sign({ claims: { [name]: value } }),
    expected,
  });
  it.each<HostileToken>([
    ...["https://evil.example", "https://api.myecommerce.com/", "HTTPS://API.MYECOMMERCE.COM", ["a", "b"]].map((aud) =>
      claim("aud", aud, "401 audience-mismatch"),
    ),
    ...[undefined, null, "", [], [[API]], [API, 1], [API, ""], { [API]: true }, 1, true].map((aud) =>
      claim("aud", aud, "401 claim-missing"),
    ),
    ...["sub", "client_id", "jti"].flatMap((name) =>
      [undefined, null, "", 0, 7, true, ["x"], {}].map((value) => claim(name, value, "401 claim-missing")),
    ),
    ...[undefined, null, 1, ["main"], {}].map((iss) => claim("iss", iss, "401 claim-missing")),
    ...["", "https://evil.example", "__proto__", "constructor"].map((iss) => claim("iss", iss, "401 issuer-unknown")),
    ...[undefined, null, "", " ", 1, true, {}, { scope: "x" }, [], [[fullName("read:products")]]].map((scope) =>
      claim("scope", scope, "403 scope-insufficient"),
    ),
    ...[
      `x\t${fullName("read:products")}`,
      `x\n${fullName("read:products")}`,
      `${fullName("read:products")},x`,
      `${fullName("read:products")}\u00a0`,
      `${fullName("read:products")}/`,
      fullName("READ:products"),
      fullName("*"),
      "*",
      "read",
      "write:products",
      `[\\"${fullName("read:products")}\\"]`,
      "a ".repeat(3_000),
    ].map((scope) => claim("scope", scope, "403 scope-insufficient")),
  ])("$name", expectRefused);

  it.each([
    { name: "in a list", scope: () => [fullName("read:products"), 1, null, "x"] },
    { name: "by its short name", scope: () => "read:products" },
    { name: "between many spaces", scope: () => `  x   ${fullName("read:products")}  ` },
    { name: "twice", scope: () => `${fullName("read:products")} ${fullName("read:products")} __proto__` },
  ])("but a scope that is there counts $name", async ({ scope }) => {
    expect(statusAndReason(await present(await forger.sign({ claims: { scope: scope() } })))).toBe("200");
    expect(upstream.received.map((request) => auditRequest(request, usualClaims()))).toEqual([[]]);
  });

  it.each([
    "a\r\nX-Auth-Scopes: everything",
    "a\nx-auth-subject: root",
    "\0",
    "%0d%0aX-Auth-Scopes: x",
    "é中😀",
    " root ",
    "a,b",
    "\u2028",
    "=?utf-8?b?cm9vdA==?=",
    "x".repeat(6_000),
  ])("but a subject cannot break out of its header: %j", async (sub) => {
    expect(statusAndReason(await present(await forger.sign({ claims: { sub } })))).toBe("200");
    expect(upstream.received.map((request) => auditRequest(request, usualClaims({ "x-auth-subject": sub })))).toEqual([
      [],
    ]);
  });
});

describe("a token of another issuer, audience or use is refused", () => {
  const poolClaims = { token_use: "access", aud: undefined };
  it.each<HostileToken>([
    {
      name: "signed with another issuer's key, under its kid",
      forge: () => forger.sign({ key: forger.keys.other }),
      expected: "401 key-unknown",
    },
    {
      name: "signed with another issuer's key, under a kid that both have",
      forge: () => forger.sign({ key: forger.keys.otherShared }),
      expected: "401 signature-invalid",
    },
    {
      name: "signed with this issuer's key in another issuer's name",
      forge: () => forger.sign({ key: forger.keys.mainShared, claims: { iss: issuer.url("other") } }),
      expected: "401 signature-invalid",
    },
    {
      name: "of an issuer that is accepted, for another audience of its own",
      forge: () =>
        forger.sign({ key: forger.keys.other, claims: { iss: issuer.url("other") }, header: { typ: "JWT" } }),
      expected: "401 audience-mismatch",
    },
    ...[
      "JWT",
      "jwt",
      "id+jwt",
      "logout+jwt",
      "dpop+jwt",
      "token-introspection+jwt",
      "",
      "at+jwt ",
      "text/at+jwt",
      undefined,
    ].map((typ) => ({
      name: `of the type ${JSON.stringify(typ)}`,
      forge: () => forger.sign({ header: { typ } }),
      expected: "401 token-type-mismatch",
    })),
    ...["id", "refresh", "ACCESS", "access ", undefined, null, 1, ["access"]].map((token_use) => ({
      name: `of the use ${JSON.stringify(token_use)}`,
      forge: () =>
        forger.sign({ key: forger.keys.pool, claims: { ...poolClaims, iss: issuer.url("pool"), token_use } }),
      expected: "401 token-type-mismatch",
    })),
  ])("$name", expectRefused);
});

describe("a spelling that is not the one of its bytes is refused", () => {
  const respelled = (change: (parts: string[]) => string) => async () => {
    // Lengths of which base64url leaves bits over; a space more or less does not change what the JSON says.
    const [header, payload] = forger.texts().map((text) => (Buffer.byteLength(text) % 3 === 0 ? `${text} ` : text));
    return change((await forger.signTexts(header ?? "", payload ?? "")).split("."));
  };
  const withLastCharacter = (text: string): string =>
    text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
  const replacing = (at: number, change: (text: string) => string) =>
    respelled((parts) => parts.map((text, index) => (index === at ? change(text) : text)).join("."));
  it.each<HostileToken>(
    ["header", "payload", "signature"].flatMap((name, at) => [
      {
        name: `leftover bits in the ${name}`,
        forge: replacing(at, withLastCharacter),
        expected: "401 token-malformed",
      },
      {
        name: `a character too few in the ${name}`,
        forge: replacing(at, (text) => `${text}AAAA`.slice(0, text.length + ((5 - (text.length % 4)) % 4))),
        expected: "401 token-malformed",
      },
      {
        name: `a plus sign in the ${name}`,
        forge: replacing(at, (text) => `+${text.slice(1)}`),
        expected: "401 token-malformed",
      },
      {
        name: `a slash in the ${name}`,
        forge: replacing(at, (text) => `/${text.slice(1)}`),
        expected: "401 token-malformed",
      },
      {
        name: `a tilde in the ${name}`,
        forge: replacing(at, (text) => `~${text.slice(1)}`),
        expected: "401 token-malformed",
      },
      {
        name: `a space in the ${name}`,
        forge: replacing(at, (text) => `${text.slice(0, 4)} ${text.slice(4)}`),
        expected: "400 credentials-malformed",
      },
      {
        name: `a tab in the ${name}`,
        forge: replacing(at, (text) => `${text.slice(0, 4)}\t${text.slice(4)}`),
        expected: "400 credentials-malformed",
      },
      {
        name: `padding behind the ${name}`,
        forge: replacing(at, (text) => `${text}=`),
        expected: at === 2 ? "401 token-malformed" : "400 credentials-malformed",
      },
    ]),
  )("$name", expectRefused);
});

const SEED = 20_261_124;

describe("a good token with a change anywhere", () => {
  it.each([
    { name: "of ES256", forge: () => forger.sign() },
    { name: "of RS256", forge: () => forger.sign({ key: forger.keys.mainRsa }) },
  ])(
    "is refused, $name",
    async ({ forge }) => {
      const token = await forge();
      expect(statusAndReason(await present(token))).toBe("200");
      upstream.received.length = 0;
      const position = fc.integer({ min: 0, max: token.length - 1 });
      const character = fc.constantFrom(..."ABZabz019-_.~+/=");
      const change = fc.oneof(
        fc.tuple(position, character).map(([at, text]) => token.slice(0, at) + text + token.slice(at + 1)),
        fc.tuple(position, character).map(([at, text]) => token.slice(0, at) + text + token.slice(at)),
        position.map((at) => token.slice(0, at) + token.slice(at + 1)),
        position.map((at) => token.slice(0, at)),
        fc.tuple(position, position).map(([from, to]) => token.slice(0, from) + token.slice(to)),
      );
      for (const changed of fc.sample(change, { seed: SEED, numRuns: 300 })) {
        if (changed === token) continue;
        const answer = await present(changed);
        expect({ changed, outcome: statusAndReason(answer) }).toEqual({
          changed,
          outcome: expect.stringMatching(/^40[01] /),
        });
      }
      expect(upstream.received).toEqual([]);
      expect(statusAndReason(await present(token))).toBe("200");
    },
    60_000,
  );
});
