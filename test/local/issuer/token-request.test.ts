import { describe, expect, it } from "vitest";
import { decideTokenRequest } from "../../../src/local/issuer/token-request.ts";

const READ = "https://api.test/read:a";
const WRITE = "https://api.test/write:a";
const ISSUER = {
  clients: [
    { id: "reader", scopes: [READ] },
    { id: "writer", scopes: [READ, WRITE] },
    { id: "odd:id+", scopes: [READ] },
  ],
  acceptsAnyClient: false,
  scopeNames: { [READ]: READ, [WRITE]: WRITE },
};

const basic = (pair: string) => `Basic ${btoa(pair)}`;
const inBody = "grant_type=client_credentials&client_id=reader&client_secret=reader-secret";

describe("decideTokenRequest", () => {
  it.each([
    {
      name: "grants all of the client's scopes when none is asked for",
      form: "grant_type=client_credentials&client_id=writer&client_secret=writer-secret",
      expected: { clientId: "writer", scopes: ["https://api.test/read:a", "https://api.test/write:a"] },
    },
    {
      name: "grants only what is asked for, each scope once",
      form: "grant_type=client_credentials&scope=https://api.test/write:a+https://api.test/write:a",
      authorization: basic("writer:writer-secret"),
      expected: { clientId: "writer", scopes: ["https://api.test/write:a"] },
    },
    {
      name: "takes an empty scope parameter for none",
      form: `${inBody}&scope=`,
      expected: { clientId: "reader", scopes: ["https://api.test/read:a"] },
    },
    {
      name: "decodes identifier and secret of the header as form-encoded",
      form: "grant_type=client_credentials",
      authorization: basic("odd%3Aid%2B:odd%3Aid%2B-secret"),
      expected: { clientId: "odd:id+", scopes: ["https://api.test/read:a"] },
    },
    {
      name: "takes a client_id beside the header that names the same client",
      form: "grant_type=client_credentials&client_id=reader",
      authorization: basic("reader:reader-secret"),
      expected: { clientId: "reader", scopes: ["https://api.test/read:a"] },
    },
    {
      name: "refuses a client_id beside the header that names another client",
      form: "grant_type=client_credentials&client_id=writer",
      authorization: basic("reader:reader-secret"),
      expected: { error: "invalid_client", challenge: true },
    },
    {
      name: "refuses a scope of the client's resource server that the client may not be granted",
      form: `${inBody}&scope=https://api.test/read:a+https://api.test/write:a`,
      expected: { error: "invalid_scope", challenge: false },
    },
    {
      name: "knows no short scope names, as Cognito does not",
      form: `${inBody}&scope=read:a`,
      expected: { error: "invalid_scope", challenge: false },
    },
    {
      name: "refuses another grant type",
      form: "grant_type=password&client_id=reader&client_secret=reader-secret",
      expected: { error: "unsupported_grant_type", challenge: false },
    },
    {
      name: "refuses a request without a grant type",
      form: "",
      expected: { error: "invalid_request", challenge: false },
    },
    {
      name: "refuses a repeated parameter",
      form: `${inBody}&grant_type=client_credentials`,
      expected: { error: "invalid_request", challenge: false },
    },
    {
      name: "refuses two ways of authentication at once",
      form: inBody,
      authorization: basic("reader:reader-secret"),
      expected: { error: "invalid_request", challenge: false },
    },
    {
      name: "refuses a client without a secret",
      form: "grant_type=client_credentials&client_id=reader",
      expected: { error: "invalid_client", challenge: false },
    },
    {
      name: "refuses a wrong secret in the form",
      form: "grant_type=client_credentials&client_id=reader&client_secret=writer-secret",
      expected: { error: "invalid_client", challenge: false },
    },
    {
      name: "challenges a wrong secret in the header",
      form: "grant_type=client_credentials",
      authorization: basic("reader:guess"),
      expected: { error: "invalid_client", challenge: true },
    },
    {
      name: "challenges an unknown client in the header",
      form: "grant_type=client_credentials",
      authorization: basic("nobody:nobody-secret"),
      expected: { error: "invalid_client", challenge: true },
    },
    {
      name: "challenges a header of another scheme",
      form: "grant_type=client_credentials",
      authorization: "Bearer abc",
      expected: { error: "invalid_client", challenge: true },
    },
    {
      name: "challenges a header that is not form-encoded",
      form: "grant_type=client_credentials",
      authorization: basic("%E0%A4%A:x"),
      expected: { error: "invalid_client", challenge: true },
    },
  ])("$name", ({ form, authorization, expected }) => {
    expect({ ...decideTokenRequest(new URLSearchParams(form), authorization, ISSUER) }).toEqual(expected);
  });
});
