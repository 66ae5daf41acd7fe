import { describe, expect, it } from "vitest";
import type { RateLimit } from "../../src/policy/policy.ts";
import { addressKey, type CountedToken, tokenKey } from "../../src/rate-limits/rate-limit-key.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

const limit = (by: RateLimit["by"], name = "standard"): RateLimit => ({
  name,
  binding: "RL",
  limit: 1,
  periodSeconds: 60,
  by,
  onError: "allow",
});
const CLIENT = limit({ kind: "client" });
const SUBJECT = limit({ kind: "subject" });
const ORG = limit({ kind: "claim", claim: ["org", "id"] });

const { issuers } = compiled(
  policyFileWith({
    issuers: {
      one: { issuer: "https://one.example", profile: "cognito" },
      two: { issuer: "https://two.example", profile: "cognito" },
      many: {
        issuer: "https://many.example/{tenant}",
        jwksUri: "https://many.example/keys",
        profile: "rfc9068",
        audiences: ["api"],
        tenants: "any",
        tenantClaim: "tid",
      },
    },
  }),
);
const [ONE, TWO, MANY] = [...issuers.values()];

function token(members: Partial<CountedToken> = {}): CountedToken {
  if (ONE === undefined) throw new Error("The policy has an issuer.");
  return { issuer: ONE, tenant: undefined, clientId: "app", subject: "ada", claims: {}, ...members };
}
const org = (id: unknown, members: Partial<CountedToken> = {}) => token({ claims: { org: { id } }, ...members });

describe("the key of a request with a token", () => {
  it.each([
    { name: "one client of two users", of: CLIENT, one: token(), other: token({ subject: "bob" }) },
    { name: "one user of two clients", of: SUBJECT, one: token(), other: token({ clientId: "web" }) },
    { name: "one value of a claim of two users", of: ORG, one: org("a"), other: org("a", { subject: "bob" }) },
    { name: "a client without the claim, with two users", of: ORG, one: token(), other: token({ subject: "bob" }) },
    { name: "a client with an empty claim and without it", of: ORG, one: org(""), other: token() },
    { name: "a client with a list as the claim and without it", of: ORG, one: org(["a"]), other: token() },
    { name: "a client with an object as the claim and without it", of: ORG, one: org({ a: 1 }), other: token() },
    { name: "a client with null as the claim and without it", of: ORG, one: org(null), other: token() },
    { name: "two numbers that were rounded to one", of: ORG, one: org(2 ** 53 + 2), other: token() },
    {
      name: "a client without a subject, twice",
      of: SUBJECT,
      one: token({ subject: undefined }),
      other: token({ subject: "" }),
    },
    {
      name: "two tokens that name no client",
      of: CLIENT,
      one: token({ clientId: undefined }),
      other: token({ clientId: undefined, subject: "bob" }),
    },
  ])("is the same for $name", async ({ of, one, other }) => {
    expect(await tokenKey(of, one)).toBe(await tokenKey(of, other));
  });

  const long = "x".repeat(5_000);
  it.each([
    { name: "two clients", of: CLIENT, one: token(), other: token({ clientId: "web" }) },
    { name: "two users", of: SUBJECT, one: token(), other: token({ subject: "bob" }) },
    { name: "two values of a claim", of: ORG, one: org("a"), other: org("b") },
    { name: "a number and its text", of: ORG, one: org(1), other: org("1") },
    { name: "two issuers of one client id", of: CLIENT, one: token(), other: token({ issuer: TWO as never }) },
    { name: "two issuers of one subject", of: SUBJECT, one: token(), other: token({ issuer: TWO as never }) },
    { name: "two issuers of one value of a claim", of: ORG, one: org("a"), other: org("a", { issuer: TWO as never }) },
    {
      name: "two tenants of one client id",
      of: CLIENT,
      one: token({ issuer: MANY as never, tenant: "11111111-1111-4111-8111-111111111111" }),
      other: token({ issuer: MANY as never, tenant: "22222222-2222-4222-8222-222222222222" }),
    },
    {
      name: "long ids that begin alike",
      of: CLIENT,
      one: token({ clientId: `${long}a` }),
      other: token({ clientId: `${long}b` }),
    },
    { name: "a claim that reads like a client", of: ORG, one: org("app"), other: token() },
    {
      name: "no client and one that is called null",
      of: CLIENT,
      one: token({ clientId: undefined }),
      other: token({ clientId: "null" }),
    },
    {
      name: "halves of characters",
      of: CLIENT,
      one: token({ clientId: "\ud800" }),
      other: token({ clientId: "\ud801" }),
    },
    {
      name: "values that look alike when they are joined",
      of: CLIENT,
      one: token({ clientId: 'a","b' }),
      other: token({ clientId: "a" }),
    },
  ])("differs for $name", async ({ of, one, other }) => {
    expect(await tokenKey(of, one)).not.toBe(await tokenKey(of, other));
  });

  it("differs for two limits with one binding", async () => {
    const other = limit({ kind: "client" }, "other");
    expect(await tokenKey(CLIENT, token())).not.toBe(await tokenKey(other, token()));
  });

  it("has one length and shows nothing of the token", async () => {
    const key = await tokenKey(CLIENT, token({ clientId: "a".repeat(10_000) }));
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(await tokenKey(CLIENT, token())).not.toContain("app");
  });
});

describe("the key of an address", () => {
  const ADDRESS = limit({ kind: "address" });
  it("is that of its network", async () => {
    expect(await addressKey(ADDRESS, "2001:db8::1")).toBe(await addressKey(ADDRESS, "2001:db8::ffff"));
    expect(await addressKey(ADDRESS, "192.0.2.1")).not.toBe(await addressKey(ADDRESS, "192.0.2.2"));
  });

  it("is one for all requests without an address, and no address has it", async () => {
    expect(await addressKey(ADDRESS, null)).toBe(await addressKey(ADDRESS, null));
    expect(await addressKey(ADDRESS, null)).not.toBe(await addressKey(ADDRESS, "null"));
    expect(await addressKey(ADDRESS, null)).not.toBe(await addressKey(ADDRESS, ""));
  });
});
