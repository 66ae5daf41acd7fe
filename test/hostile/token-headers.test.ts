/**
 * Tokens with a forged header against the built Worker: each is refused for its reason, and none reaches the upstream.
 */
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { statusAndReason } from "../support/e2e/call.ts";
import { type HostileToken, startTokenWorld } from "../support/hostile/token-world.ts";
import { auditRequest } from "../support/hostile/upstream-audit.ts";
import { part } from "../support/token/forger.ts";

const world = await startTokenWorld();
const { bait, expectRefused, forger, issuer, present, upstream, usualClaims } = world;

afterAll(world.dispose);
beforeEach(() => {
  upstream.received.length = 0;
});

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
    expect(bait.requests).toBe(0);
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
