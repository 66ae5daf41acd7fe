import { describe, expect, test } from "vitest";
import { readScheme } from "../../../../src/cli/openapi/document/read-scheme.ts";

const amazon = (authtype: unknown, authorizer?: object) => ({
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authtype": authtype,
  ...(authorizer && { "x-amazon-apigateway-authorizer": authorizer }),
});
const authorizer = (type: unknown) => ({ type: "apiKey", "x-amazon-apigateway-authorizer": { type } });

describe("a scheme uses tokens", () => {
  test.each([
    { name: "OAuth 2", input: { type: "oauth2", flows: {} } },
    { name: "OpenID Connect", input: { type: "openIdConnect" } },
    { name: "bearer", input: { type: "http", scheme: "bearer" } },
    { name: "bearer in other case", input: { type: "http", scheme: "Bearer" } },
    { name: "an extension that restricts nobody", input: { type: "oauth2", "x-tokenName": "id_token" } },
    {
      name: "a setting of a documentation tool",
      input: { type: "oauth2", "x-usePkceWithAuthorizationCodeGrant": true },
    },
    { name: "a Cognito user pool", input: amazon("cognito_user_pools"), anyScope: true },
    {
      name: "a Cognito user pool with its authorizer",
      input: amazon("cognito_user_pools", { type: "cognito_user_pools", providerARNs: [] }),
      anyScope: true,
    },
    { name: "a Cognito user pool by its authorizer alone", input: authorizer("COGNITO_USER_POOLS"), anyScope: true },
    {
      name: "a JWT authorizer of an HTTP API",
      input: { type: "oauth2", "x-amazon-apigateway-authorizer": { type: "jwt", jwtConfiguration: {} } },
      anyScope: true,
    },
  ])("$name", ({ input, anyScope = false }) => {
    expect(readScheme(input)).toEqual({ kind: "token", scopes: new Map(), anyScope });
  });

  test("with the descriptions of the scopes of all flows", () => {
    const flows = { implicit: { scopes: { a: "A" } }, clientCredentials: { scopes: { b: null, a: "Again" } } };
    expect(readScheme({ type: "oauth2", flows })).toMatchObject({
      scopes: new Map([
        ["a", "Again"],
        ["b", ""],
      ]),
    });
  });
});

describe("a scheme is one that the gateway does not check", () => {
  test.each([
    { name: "an API key", input: { type: "apiKey", in: "header", name: "x-api-key" } },
    { name: "Basic", input: { type: "http", scheme: "basic" } },
    { name: "mutual TLS", input: { type: "mutualTLS" } },
  ])("$name", ({ input }) => {
    expect(readScheme(input)).toEqual({ kind: "unchecked" });
  });
});

describe("nobody can tell what a scheme asks of callers", () => {
  test.each([
    { name: "without a type", input: {}, message: "It has no type of OpenAPI 3." },
    { name: "of Swagger 2.0", input: { type: "basic" }, message: "It has no type of OpenAPI 3." },
    { name: "of a type in other case", input: { type: "OAuth2" }, message: "It has no type of OpenAPI 3." },
    { name: "that is no object", input: "oauth2", message: "It is not an object." },
    { name: "of IAM", input: amazon("awsSigv4"), message: /`awssigv4`/ },
    { name: "of a Lambda function", input: amazon("custom", { type: "token" }), message: /`custom, token`/ },
    {
      name: "of a Lambda function, as OAuth 2",
      input: amazon("oauth2", { type: "token" }),
      message: /`oauth2, token`/,
    },
    {
      name: "of a Lambda function behind a pool",
      input: amazon("cognito_user_pools", { type: "request" }),
      message: /,/,
    },
    { name: "of an authorizer without a type", input: authorizer(undefined), message: /`unknown`/ },
    { name: "of an authtype that is no string", input: amazon(null), message: /`unknown`/ },
    { name: "of Google", input: { type: "oauth2", "x-google-issuer": "https://a" }, message: /`x-google-issuer`/ },
    { name: "with an extension", input: { type: "oauth2", "x-security-roles": [] }, message: /`x-security-roles`/ },
  ])("$name", ({ input, message }) => {
    const text = typeof message === "string" ? message : expect.stringMatching(message);
    expect(readScheme(input)).toEqual({
      kind: "unknown",
      fault: { message: text, hint: expect.stringMatching(/\.$/) },
    });
  });
});
