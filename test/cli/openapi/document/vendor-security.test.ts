import { describe, expect, test } from "vitest";
import { isSecurityExtension, securityExtension } from "../../../../src/cli/openapi/document/vendor-security.ts";

describe("an extension restricts callers", () => {
  test.each([
    "x-amazon-apigateway-auth",
    "x-amazon-apigateway-authorizer",
    "x-amazon-apigateway-policy",
    "x-google-issuer",
    "x-google-jwks_uri",
    "x-google-jwt-locations",
    "x-google-audiences",
    "x-security",
    "x-security-scopes",
    "X-Security",
    "x-securedBy",
    "x-required-scopes",
    "x-requiredScopes",
    "x-pd-requires-scope",
    "x-atlassian-oauth2-scopes",
    "x-auth-type",
    "x-authType",
    "x-oauth",
    "x-permissions",
    "x-required-role",
    "x-rbac",
    "x-kong-plugin-acl",
    "x-kong-plugin-jwt",
    "x-kong-plugin-openid-connect",
    "x-tyk-api-gateway",
    "x-wso2-application-security",
  ])("%s", (name) => {
    expect(isSecurityExtension(name)).toBe(true);
    expect(securityExtension({ summary: "", [name]: ["a"] })).toBe(name);
  });
});

describe("a member that OpenAPI does not know restricts callers", () => {
  test.each(["Security", "SECURITY", "securities", "security ", "scopes", "requiredScopes", "auth", "permissions"])(
    "%s",
    (name) => {
      expect(isSecurityExtension(name)).toBe(false);
      expect(securityExtension({ security: [], [name]: [] })).toBe(name);
    },
  );
});

describe("an extension restricts nobody", () => {
  test.each([
    "x-amazon-apigateway-integration",
    "x-amazon-apigateway-request-validator",
    "x-amazon-apigateway-security-policy",
    "x-amazon-apigateway-any-method",
    "x-google-backend",
    "x-google-quota",
    "x-author",
    "x-authors",
    "x-codeSamples",
    "x-github",
    "x-box-tag",
    "x-oracle",
    "x-enrolled",
    "x-spotify-policy-list",
    "security",
    "parameters",
    "externalDocs",
    "authors",
  ])("%s", (name) => {
    expect(isSecurityExtension(name)).toBe(false);
    expect(securityExtension({ [name]: true })).toBeUndefined();
  });

  test("an extension of Amazon that says so", () => {
    expect(securityExtension({ "x-amazon-apigateway-auth": { type: "NONE" } })).toBeUndefined();
    expect(securityExtension({ "x-amazon-apigateway-auth": { type: "AWS_IAM" } })).toBe("x-amazon-apigateway-auth");
    expect(securityExtension({ "x-amazon-apigateway-auth": null })).toBe("x-amazon-apigateway-auth");
  });
});
