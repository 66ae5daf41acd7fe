import { describe, expect, it } from "vitest";
import { clientName } from "../../../../src/cli/console/live/client-name.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const policy = compiled(
  policyFileWith({
    issuers: {
      main: { issuer: "https://issuer.example", profile: "cognito" },
      other: { issuer: "https://other.example", profile: "cognito" },
    },
    clients: {
      web: { id: "abc", issuer: "main", scopes: [] },
      app: { id: "abc", issuer: "other", scopes: [] },
      batch: { issuer: "main", scopes: [] },
    },
  }),
);

describe("the name of the client that a line is about", () => {
  it.each([
    { name: "its key, by its id", iss: "https://issuer.example", id: "abc", expected: "web" },
    {
      name: "that of its issuer, where two have the same id",
      iss: "https://other.example",
      id: "abc",
      expected: "app",
    },
    { name: "its key, if that is its id", iss: "https://issuer.example", id: "batch", expected: "batch" },
    { name: "none under another issuer", iss: "https://other.example", id: "batch", expected: undefined },
    {
      name: "none for its key, if its id is another text",
      iss: "https://issuer.example",
      id: "web",
      expected: undefined,
    },
    { name: "none for a client that is not registered", iss: "https://issuer.example", id: "x", expected: undefined },
    { name: "none for an issuer that the policy lacks", iss: "https://evil.example", id: "abc", expected: undefined },
    { name: "none for an issuer with a slash more", iss: "https://issuer.example/", id: "abc", expected: undefined },
  ])("is $name", ({ iss, id, expected }) => {
    expect(clientName(policy, iss, id)).toBe(expected);
  });
});
