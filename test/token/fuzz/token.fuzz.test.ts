import fc from "fast-check";
import { base64url } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { Denial } from "../../../src/answer/denial.ts";
import { MAX_TOKEN_BYTES } from "../../../src/limits.ts";
import type { Issuer } from "../../../src/policy/policy.ts";
import { PROFILE_NAMES } from "../../../src/policy/profiles.ts";
import { bearerToken } from "../../../src/token/bearer.ts";
import { claimAt } from "../../../src/token/claim-at.ts";
import { grantedScopes } from "../../../src/token/granted-scopes.ts";
import { verifyToken } from "../../../src/token/verify.ts";
import { FakeKeyStore, keySetOf } from "../../support/keys/fake-key-store.ts";
import { API, declare, EXAMPLE_SCOPES, issuerOf, policyOf } from "../../support/policy/example-policy.ts";
import {
  claimsOf,
  createSigner,
  jsonPart,
  NOW_MS,
  NOW_SECONDS,
  type Signer,
  signToken,
} from "../../support/token/tokens.ts";

let signer: Signer;
beforeAll(async () => {
  signer = await createSigner("ES256");
});

function issuerWith(profile: Issuer["profile"]): Issuer {
  return issuerOf({ profile, algorithms: new Set(["ES256"]), audiences: new Set(["api", "admin"]) });
}

/** A value that a claim may hold, likely one that is nearly right. */
const anyClaim = fc.oneof(
  fc.constantFrom<unknown>("api", "access", "", ["api"], [["api"]], [1], null, 0, -1, 1e300, true, undefined),
  fc.integer({ min: NOW_SECONDS - 20, max: NOW_SECONDS + 20 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const changes = fc.dictionary(
  fc.constantFrom(
    "exp",
    "nbf",
    "iat",
    "aud",
    "sub",
    "jti",
    "client_id",
    "azp",
    "token_use",
    "scope",
    "iss",
    "__proto__",
  ),
  anyClaim,
  { maxKeys: 3 },
);

describe.each(PROFILE_NAMES)("a signed token with any claims, under the profile %s", (profile) => {
  it("is refused, or has each claim that was relied on, in its type and its time", async () => {
    const issuer = issuerWith(profile);
    const policy = policyOf([issuer]);
    let accepted = 0;
    const verified = fc.asyncProperty(changes, async (changed) => {
      const claims = claimsOf(changed);
      const token = await signToken(signer, claims, { typ: "at+jwt" });
      const keys = new FakeKeyStore(keySetOf(signer.key));
      const result = await verifyToken(token, { policy, keys, now: () => NOW_MS }, () => {});
      if (result instanceof Denial) {
        expect(result.reason).toMatch(/^(?:token|claim|issuer|audience|client)-[a-z-]+$/);
        return;
      }
      accepted += 1;
      const { exp, nbf, iat, aud, iss, client_id, token_use, sub, jti } = claims;
      expect(iss).toBe(issuer.issuer);
      expect(exp).toSatisfy((value) => Number.isFinite(value) && Number(value) + 5 > NOW_SECONDS);
      for (const time of [nbf, iat]) {
        expect(time).toSatisfy((it) => it === undefined || (Number.isFinite(it) && Number(it) <= NOW_SECONDS + 5));
      }
      const addressed = aud ?? (profile === "cognito" ? client_id : undefined);
      expect([addressed].flat()).toSatisfy((list: unknown[]) => list.includes("api") || list.includes("admin"));
      if (profile === "cognito") expect(token_use).toBe("access");
      const required = profile === "rfc9068" ? [sub, jti, client_id] : profile === "cognito" ? [client_id] : [];
      for (const value of required) expect(value).toSatisfy((it) => typeof it === "string" && it !== "");
    });
    await fc.assert(verified, { numRuns: 400 });
    expect(accepted).toBeGreaterThan(20);
  });
});

it("a signed token with any header is refused, or its header says what was checked", async () => {
  const member = fc.constantFrom(
    "alg",
    "kid",
    "typ",
    "crit",
    "b64",
    "jku",
    "jwk",
    "x5c",
    "cty",
    "zip",
    "enc",
    "__proto__",
  );
  const value = fc.oneof(
    fc.constantFrom<unknown>("ES256", "none", "key-1", "at+jwt", [], undefined),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const policy = policyOf([issuerWith("rfc9068")]);
  const [, payload = ""] = (await signToken(signer)).split(".");
  const property = fc.asyncProperty(fc.dictionary(member, value, { maxKeys: 3 }), async (changed) => {
    const header: Record<string, unknown> = { alg: "ES256", kid: "key-1", typ: "at+jwt", ...changed };
    const signed = `${jsonPart(header)}.${payload}`;
    const bytes = new TextEncoder().encode(signed);
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signer.privateKey, bytes);
    const keys = new FakeKeyStore(keySetOf(signer.key));
    const result = await verifyToken(
      `${signed}.${base64url.encode(new Uint8Array(signature))}`,
      { policy, keys, now: () => NOW_MS },
      () => {},
    );
    if (result instanceof Denial) {
      expect(result.reason).toMatch(/^(?:token|key|algorithm)-[a-z-]+$/);
      return;
    }
    expect(header).toMatchObject({ alg: "ES256", kid: "key-1" });
    expect(header["typ"]).toMatch(/^(?:application\/)?at\+jwt$/i);
    expect(header["crit"]).toBeUndefined();
  });
  await fc.assert(property, { numRuns: 400 });
});

describe("bearerToken", () => {
  const piece = fc.constantFrom(
    "Bearer",
    "bearer",
    "BEARER",
    "Basic",
    " ",
    "  ",
    "\t",
    ",",
    ", ",
    "=",
    "a.b.c",
    "x",
    '"',
    "\n",
    "é",
  );
  const credentials = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );

  it("takes one credential in the grammar of RFC 6750 2.1, and nothing else", () => {
    fc.assert(
      fc.property(credentials, (text) => {
        const token = bearerToken(text);
        const [, expected] = /^[Bb][Ee][Aa][Rr][Ee][Rr] +([\w.~+/-]+=*)$/.exec(text) ?? [];
        if (expected === undefined || text.endsWith("\n")) expect(token).toBeInstanceOf(Denial);
        else expect(token).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it("takes at most as many characters as the limit, of any kind", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: MAX_TOKEN_BYTES - 2, max: MAX_TOKEN_BYTES + 2 }),
        fc.constantFrom("a", "a.", "=", "\x00"),
        (size, unit) => {
          const token = bearerToken(`Bearer ${unit.repeat(size).slice(0, size)}`);
          if (size > MAX_TOKEN_BYTES) expect(token).toBeInstanceOf(Denial);
        },
      ),
    );
  });
});

describe("grantedScopes", () => {
  const declared = declare({ ...EXAMPLE_SCOPES, "https://other.example": { "read:orders": [], other: [] } });
  const name = fc.constantFrom(
    ...declared.scopes.byFullName.keys(),
    ...declared.scopes.byShortName.keys(),
    "openid",
    "",
    "__proto__",
  );
  const scope = fc.oneof(
    fc.array(name, { maxLength: 5 }).map((names) => names.join(" ")),
    fc.array(fc.oneof(name, fc.constant(1), fc.constant(null)), { maxLength: 5 }),
    fc.array(name, { maxLength: 5 }).map((names) => names.join("\t")),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const aud = fc.constantFrom<unknown>(undefined, API, "https://other.example", [API, "https://other.example"], "x", 1);

  it.each(["full", "short"] as const)(
    "grants what the token names and the policy declares, and nothing else (%s names)",
    (scopeNames) => {
      fc.assert(
        fc.property(scope, aud, (claim, audience) => {
          const { names, effective } = grantedScopes(
            { scope: claim, aud: audience },
            issuerOf({ scopeNames }),
            declared,
            undefined,
          );
          const said: unknown[] = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
          for (const full of names) {
            const found = declared.scopes.byFullName.get(full);
            expect(found).toBeDefined();
            expect(said.includes(full) || (scopeNames === "short" && said.includes(found?.shortName))).toBe(true);
          }
          for (const full of declared.scopes.byFullName.keys()) if (said.includes(full)) expect(names).toContain(full);
          const implied = names.flatMap((full) => declared.scopes.byFullName.get(full)?.implies ?? []);
          expect(effective).toEqual(new Set([...names, ...implied]));
        }),
        { numRuns: 2_000 },
      );
    },
  );
});

it("claimAt finds what stands at a path of own members, and never throws", () => {
  const step = fc.oneof(
    fc.constantFrom("a", "0", "length", "constructor", "__proto__", "toString"),
    fc.string({ maxLength: 2 }),
  );
  fc.assert(
    fc.property(
      fc.dictionary(step, fc.jsonValue({ maxDepth: 3 })),
      fc.array(step, { minLength: 1, maxLength: 4 }),
      (claims, path) => {
        const value = claimAt(claims, path);
        // Whatever is found is JSON: a function or a prototype would be lost on the way through text.
        if (value !== undefined) expect(JSON.parse(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(["function", "symbol"]).not.toContain(typeof value);
      },
    ),
    { numRuns: 2_000 },
  );
});
