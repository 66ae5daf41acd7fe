import { describe, expect, it } from "vitest";
import { type ChallengeContext, challenge } from "../../src/answer/challenge.ts";
import { Denial, type TokenReason } from "../../src/answer/denial.ts";
import { answerText } from "../../src/answer/problem.ts";

const CONTEXT: ChallengeContext = {
  realm: "shop",
  resourceMetadata: "https://gw.example/.well-known/oauth-protected-resource",
  scopes: ["https://api.example/read", "https://api.example/write"],
};
const SCOPE = 'scope="https://api.example/read https://api.example/write"';
const METADATA = 'resource_metadata="https://gw.example/.well-known/oauth-protected-resource"';

describe("challenge", () => {
  it("names no error where there were no credentials, but the scopes", () => {
    expect(challenge(new Denial("credentials-missing"), CONTEXT)).toBe(`Bearer realm="shop", ${SCOPE}, ${METADATA}`);
  });

  it("names no scopes where none are required", () => {
    expect(challenge(new Denial("credentials-missing"), { ...CONTEXT, scopes: [] })).toBe(
      `Bearer realm="shop", ${METADATA}`,
    );
  });

  it("names the scopes that would have been enough", () => {
    expect(challenge(new Denial("scope-insufficient"), CONTEXT)).toBe(
      'Bearer realm="shop", error="insufficient_scope", ' +
        'error_description="The access token does not grant the scopes that this route requires.", ' +
        `${SCOPE}, ${METADATA}`,
    );
  });

  it("calls malformed credentials an invalid request", () => {
    expect(challenge(new Denial("credentials-malformed"), CONTEXT)).toBe(
      'Bearer realm="shop", error="invalid_request", ' +
        `error_description="The Authorization header is not one bearer token.", ${METADATA}`,
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
    "audience-mismatch",
    "client-mismatch",
    "token-type-mismatch",
    "claim-missing",
  ])("calls a token refused for %s invalid, and says why in general", (reason) => {
    expect(challenge(new Denial(reason, "kid 7 of user-1"), CONTEXT)).toBe(
      `Bearer realm="shop", error="invalid_token", error_description="${answerText(reason).detail}", ${METADATA}`,
    );
  });

  it.each([
    "path-ambiguous",
    "path-too-long",
    "route-unknown",
    "method-not-allowed",
    "policy-invalid",
    "keys-unavailable",
    "upstream-unreachable",
    "upstream-timeout",
  ] as const)("asks for no credentials on %s", (reason) => {
    expect(challenge(new Denial(reason), CONTEXT)).toBeUndefined();
  });

  it("escapes what would end a quoted string", () => {
    expect(challenge(new Denial("credentials-missing"), { ...CONTEXT, realm: 'a"b\\c', scopes: [] })).toBe(
      `Bearer realm="a\\"b\\\\c", ${METADATA}`,
    );
  });

  it.each(["credentials-missing", "credentials-malformed", "token-expired", "scope-insufficient"] as const)(
    "names each parameter once, in the characters it may have: %s",
    (reason) => {
      const value = challenge(new Denial(reason), CONTEXT) ?? "";
      const parameters = Array.from(value.slice("Bearer ".length).matchAll(/(\w+)="([^"]*)"(?:, |$)/g));
      expect(parameters.map(([text]) => text).join("")).toBe(value.slice("Bearer ".length));
      const names = parameters.map(([, name]) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const [, name, text] of parameters) if (name !== "realm") expect(text).toMatch(/^[ !#-[\]-~]+$/);
    },
  );

  it("can stand in a header", () => {
    const value = challenge(new Denial("scope-insufficient"), CONTEXT) ?? "";
    expect(new Headers({ "www-authenticate": value }).get("www-authenticate")).toBe(value);
  });
});
