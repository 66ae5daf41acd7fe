import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFile, policyFileWith } from "../../support/policy/policy-file.ts";

/** Header and source of each claim header, in short. */
function written(claimHeaders?: Record<string, string>): Record<string, string> {
  const file = claimHeaders ? policyFileWith({ claimHeaders }) : policyFile();
  return Object.fromEntries(
    compiled(file).claimHeaders.map(({ header, source }) => [
      header,
      source.kind === "claim" ? `claim ${source.path.join(" > ")}` : source.kind,
    ]),
  );
}

const defaults = {
  "x-auth-subject": "claim sub",
  "x-auth-client-id": "client",
  "x-auth-scopes": "scopes",
  "x-auth-issuer": "claim iss",
  "x-auth-token-id": "claim jti",
};
const { "x-auth-subject": _subject, ...withoutSubject } = defaults;
const { "x-auth-client-id": _client, ...withoutClient } = defaults;
const { "x-auth-scopes": _scopes, ...withoutScopes } = defaults;

describe("claim headers are", () => {
  test.each([
    { name: "the defaults", input: undefined, expected: defaults },
    {
      name: "the defaults and one more",
      input: { "x-email": "email" },
      expected: { ...defaults, "x-email": "claim email" },
    },
    { name: "in lower case", input: { "X-Email": "email" }, expected: { ...defaults, "x-email": "claim email" } },
    {
      name: "from a JSON Pointer",
      input: { "x-role": "/app/r~1w" },
      expected: { ...defaults, "x-role": "claim app > r/w" },
    },
    {
      name: "from a claim with a URL for a name",
      input: { "x-r": "https://a/r" },
      expected: { ...defaults, "x-r": "claim https://a/r" },
    },
    {
      name: "a default from another claim",
      input: { "x-auth-subject": "email" },
      expected: { ...defaults, "x-auth-subject": "claim email" },
    },
    {
      name: "a default by another name",
      input: { "x-user": "sub" },
      expected: { ...withoutSubject, "x-user": "claim sub" },
    },
    {
      name: "a default by another name, by pointer",
      input: { "x-user": "/sub" },
      expected: { ...withoutSubject, "x-user": "claim sub" },
    },
    {
      name: "a default by another name and by its own",
      input: { "x-user": "sub", "x-auth-subject": "sub" },
      expected: { ...defaults, "x-user": "claim sub" },
    },
    {
      name: "the client by another name",
      input: { "x-app": "client_id" },
      expected: { ...withoutClient, "x-app": "client" },
    },
    {
      name: "the granted scopes by another name",
      input: { "x-may": "scope" },
      expected: { ...withoutScopes, "x-may": "scopes" },
    },
    {
      name: "the claim `scope` itself, by pointer",
      input: { "x-raw": "/scope" },
      expected: { ...defaults, "x-raw": "claim scope" },
    },
    {
      name: "a default's other spelling in its place",
      input: { x_auth_subject: "email" },
      expected: { ...withoutSubject, x_auth_subject: "claim email" },
    },
  ])("$name", ({ input, expected }) => {
    expect(written(input)).toEqual(expected);
  });
});

describe("a claim is never written to", () => {
  const owned =
    "Connection keep-alive te trailer trailers transfer-encoding upgrade proxy-authorization proxy-connection http2-settings " +
    "host authorization cookie cookie2 set-cookie origin referer dpop from " +
    "content-length content-type content-encoding content-range accept accept-encoding expect range if-match date " +
    "cache-control pragma user-agent max-forwards early-data priority prefer upgrade-insecure-requests purpose " +
    "via forwarded x-forwarded-for X-Forwarded-User x-request-id traceparent tracestate baggage x-original-url " +
    "x-client-ip x-cluster-client-ip client-ip x-original-host x-original-uri x-envoy-original-path proxy " +
    "x-rewrite-url x-http-method x-http-method-override x-method-override x-real-ip true-client-ip cdn-loop mcp-name cf-connecting-ip cf-access-jwt-assertion sec-fetch-site access-control-request-method " +
    "X_Forwarded_For x.real.ip";
  test.each(owned.split(" ").map((name) => ({ name })))("$name", ({ name }) => {
    expect(faultsOf(policyFileWith({ claimHeaders: { [name]: "email" } }))).toEqual([
      expect.stringContaining(`The header \`${name}\` belongs to HTTP or to the gateway.`),
    ]);
  });

  test.each([
    {
      name: "a name that is not a token",
      input: { "x email": "email" },
      expected: ["This is not a header name."],
    },
    { name: "a name outside ASCII", input: { "x-é": "email" }, expected: ["This is not a header name."] },
    {
      name: "two names that CGI folds into one",
      input: { "x-mail": "email", X_Mail: "mail" },
      expected: ["Some upstreams take this header for `x-mail`, which is also listed."],
    },
    { name: "a header from nothing", input: { "x-mail": "" }, expected: ["This is empty."] },
    { name: "a header from a broken pointer", input: { "x-mail": "/a~" }, expected: ["This is not a JSON Pointer."] },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(policyFileWith({ claimHeaders: input }))).toEqual(
      expected.map((text) => expect.stringContaining(text)),
    );
  });
});
