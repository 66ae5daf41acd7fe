/**
 * Signed tokens with hostile claims against the built Worker: each is refused for its reason, and none reaches the
 * upstream.
 */
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { statusAndReason } from "../support/e2e/call.ts";
import { fullName } from "../support/e2e/gateway-policy.ts";
import { type HostileToken, startTokenWorld, TOLERANCE_SECONDS } from "../support/hostile/token-world.ts";
import { auditRequest } from "../support/hostile/upstream-audit.ts";
import { API } from "../support/policy/example-policy.ts";

const world = await startTokenWorld();
const { expectRefused, forger, issuer, present, upstream, usualClaims } = world;
const now = Math.floor(Date.now() / 1000);

afterAll(world.dispose);
beforeEach(() => {
  upstream.received.length = 0;
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

describe("a token that is bound to its sender is refused: it must not pass as a bearer token (RFC 9449 7.2)", () => {
  const expected = "401 token-binding-unsupported";
  it.each<HostileToken>(
    [
      { name: "bound to a key", forge: withLiteral("cnf", '{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}') },
      {
        name: "bound to a certificate",
        forge: withLiteral("cnf", '{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}'),
      },
      { name: "bound to both", forge: withLiteral("cnf", '{"jkt":"a","x5t#S256":"b"}') },
      { name: "bound to a key by its name", forge: withLiteral("cnf", '{"kid":"device-1"}') },
      { name: "bound to a key by value", forge: withLiteral("cnf", '{"jwk":{"kty":"EC"}}') },
      { name: "bound in a way that is not known", forge: withLiteral("cnf", '{"new":true}') },
      ...["null", "{}", "[]", '""', '"jkt"', "0", "false", '{"jkt":null}'].map((literal) => ({
        name: `with cnf ${literal}`,
        forge: withLiteral("cnf", literal),
      })),
      { name: "with cnf in an escaped spelling", forge: escaped },
      { name: "with cnf twice, the last one null", forge: twice },
      {
        name: "bound, from an issuer of another profile",
        forge: () =>
          forger.sign({
            key: forger.keys.pool,
            claims: { token_use: "access", aud: undefined, iss: issuer.url("pool"), cnf: { jkt: "x" } },
          }),
      },
    ].map((token) => ({ ...token, expected })),
  )("$name", expectRefused);

  it.each(["CNF", "cnf ", "_cnf", "confirmation", "jkt"])("but not for a claim of another name: %j", async (name) => {
    const token = await forger.sign({ claims: { [name]: { jkt: "x" } } });
    expect(statusAndReason(await present(token))).toBe("200");
  });

  function withMember(member: string): Promise<string> {
    const [header, payload] = forger.texts();
    return forger.signTexts(header, `${payload.slice(0, -1)},${member}}`);
  }
  function escaped(): Promise<string> {
    return withMember('"\\u0063nf":{"jkt":"x"}');
  }
  function twice(): Promise<string> {
    return withMember('"cnf":{"jkt":"x"},"cnf":null');
  }
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
