import { describe, expect, it } from "vitest";
import { ALL_REASONS } from "../../src/answer/all-reasons.ts";
import { createChallenge } from "../../src/answer/challenge.ts";
import { Denial, type TokenReason } from "../../src/answer/denial.ts";
import type { Requirement } from "../../src/policy/policy.ts";
import { issuerOf, policyOf } from "../support/policy/example-policy.ts";

const SCOPES = ["https://api.example/read", "https://api.example/write"];

function challenge(denial: Denial, { realm = "shop", scopes = SCOPES } = {}): string | undefined {
  const write = createChallenge(policyOf([], {}, { realm }));
  const of = scopes.map((name) => ({ kind: "scope", name }) as const);
  const requirement: Requirement = { kind: "scopes", expression: { kind: "allOf", of }, mentioned: scopes };
  return write(denial, scopes.length > 0 ? { path: "/", requirement } : undefined, "https://gw.example");
}

const SCOPE = 'scope="https://api.example/read https://api.example/write"';
const METADATA = 'resource_metadata="https://gw.example/.well-known/oauth-protected-resource"';

describe("challenge", () => {
  it("names no error where there were no credentials, but the scopes", () => {
    expect(challenge(new Denial("credentials-missing"))).toBe(`Bearer realm="shop", ${SCOPE}, ${METADATA}`);
  });

  it("names no scopes where none are required", () => {
    expect(challenge(new Denial("credentials-missing"), { scopes: [] })).toBe(`Bearer realm="shop", ${METADATA}`);
  });

  it("names the scopes that would have been enough", () => {
    expect(challenge(new Denial("scope-insufficient"))).toBe(
      'Bearer realm="shop", error="insufficient_scope", ' +
        'error_description="The access token does not grant the scopes that this route requires.", ' +
        `${SCOPE}, ${METADATA}`,
    );
  });

  it("calls malformed credentials an invalid request", () => {
    expect(challenge(new Denial("credentials-malformed"))).toBe(
      'Bearer realm="shop", error="invalid_request", ' +
        `error_description="The Authorization header must hold exactly one access token.", ${METADATA}`,
    );
  });

  it.each<TokenReason>([
    "token-malformed",
    "token-expired",
    "token-not-yet-valid",
    "signature-invalid",
    "key-unknown",
    "algorithm-refused",
    "issuer-unknown",
    "issuer-not-accepted",
    "audience-mismatch",
    "client-mismatch",
    "tenant-mismatch",
    "token-type-mismatch",
    "claim-missing",
    "token-binding-unsupported",
    "token-binding-missing",
    "token-binding-mismatch",
  ])("calls a token refused for %s invalid, and says why in general", (reason) => {
    expect(challenge(new Denial(reason, "kid 7 of user-1"))).toBe(
      `Bearer realm="shop", error="invalid_token", error_description="${ALL_REASONS[reason].detail}", ${METADATA}`,
    );
  });

  it.each([
    "path-ambiguous",
    "path-too-long",
    "route-unknown",
    "method-not-allowed",
    "policy-invalid",
    "internal-error",
    "keys-unavailable",
    "upstream-unreachable",
    "upstream-timeout",
  ] as const)("asks for no credentials on %s", (reason) => {
    expect(challenge(new Denial(reason))).toBeUndefined();
  });

  it("escapes what would end a quoted string", () => {
    expect(challenge(new Denial("credentials-missing"), { realm: 'a"b\\c', scopes: [] })).toBe(
      `Bearer realm="a\\"b\\\\c", ${METADATA}`,
    );
  });

  it.each(["credentials-missing", "credentials-malformed", "token-expired", "scope-insufficient"] as const)(
    "names each parameter once, in the characters it may have: %s",
    (reason) => {
      const value = challenge(new Denial(reason)) ?? "";
      const parameters = Array.from(value.slice("Bearer ".length).matchAll(/(\w+)="([^"]*)"(?:, |$)/g));
      expect(parameters.map(([text]) => text).join("")).toBe(value.slice("Bearer ".length));
      const names = parameters.map(([, name]) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const [, name, text] of parameters) if (name !== "realm") expect(text).toMatch(/^[ !#-[\]-~]+$/);
    },
  );

  it("is that of each requirement and each origin, whichever came first", () => {
    const write = createChallenge(policyOf());
    const requirement = (name: string) =>
      ({ kind: "scopes", expression: { kind: "scope", name }, mentioned: [name] }) as const;
    const [one, other] = [requirement("a/read"), requirement("a/write")];
    const asked = [one, other, { kind: "authenticated" } as const, one].flatMap((it) =>
      ["https://x.example", "https://y.example"].map((origin) =>
        write(new Denial("credentials-missing"), { path: "/", requirement: it }, origin),
      ),
    );
    const metadata = (origin: string) =>
      `resource_metadata="https://${origin}.example/.well-known/oauth-protected-resource"`;
    expect(asked).toEqual(
      ['scope="a/read", ', 'scope="a/write", ', "", 'scope="a/read", '].flatMap((scope) =>
        ["x", "y"].map((origin) => `Bearer realm="scopegate", ${scope}${metadata(origin)}`),
      ),
    );
  });

  it("can stand in a header", () => {
    const value = challenge(new Denial("scope-insufficient")) ?? "";
    expect(new Headers({ "www-authenticate": value }).get("www-authenticate")).toBe(value);
  });
});

it("names scopes as the accepted issuers do", () => {
  const name = "https://api.example/read";
  const requirement = { kind: "scopes", expression: { kind: "scope", name }, mentioned: [name] } as const;
  const policy = policyOf([issuerOf({ scopeNames: "short" })], { "https://api.example": { read: [] } });
  const value = createChallenge(policy)(
    new Denial("credentials-missing"),
    { path: "/", requirement },
    "https://gw.example",
  );
  expect(value).toContain(' scope="read", ');
});

it("names the metadata of the route's protected resource", () => {
  const resource = (path: string) => [path, { path, name: undefined, scopes: [], acceptsTokens: true }] as const;
  const resources = new Map([resource("/mcp"), resource("")]);
  const write = createChallenge(policyOf([], {}, { resources }));
  const requirement = { kind: "authenticated" } as const;
  const named = ["/mcp", "/mcp/:id", "/mcps", "/mcp"].map((path) =>
    write(new Denial("credentials-missing"), { path, requirement }, "https://gw.example")?.split(", ").at(-1),
  );
  const metadata = 'resource_metadata="https://gw.example/.well-known/oauth-protected-resource';
  expect(named).toEqual([`${metadata}/mcp"`, `${metadata}/mcp"`, `${metadata}"`, `${metadata}/mcp"`]);
});
