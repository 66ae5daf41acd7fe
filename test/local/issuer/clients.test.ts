import { describe, expect, it } from "vitest";
import { askedScope, findClient } from "../../../src/local/issuer/clients.ts";

const READ = "https://a.test/read";
const ONLY = "https://b.test/only";
const ISSUER = {
  clients: [{ id: "app-1", scopes: [READ] }],
  acceptsAnyClient: true,
  scopeNames: { [READ]: "read", [ONLY]: ONLY },
};

describe("findClient", () => {
  it.each([
    {
      name: "gives a registered client its scopes and the secret that follows from its identifier",
      input: { id: "app-1", asksForScopes: false },
      expected: { id: "app-1", secret: "app-1-secret", scopes: [READ], defaultScopes: [READ] },
    },
    {
      name: "gives a registered client no further scopes when it asks for some",
      input: { id: "app-1", asksForScopes: true },
      expected: { id: "app-1", secret: "app-1-secret", scopes: [READ], defaultScopes: [READ] },
    },
    {
      name: "gives any other client that asks for scopes all declared ones",
      input: { id: "other", asksForScopes: true },
      expected: { id: "other", secret: "other-secret", scopes: [READ, ONLY], defaultScopes: [] },
    },
    {
      name: "knows no other client that asks for none",
      input: { id: "other", asksForScopes: false },
      expected: undefined,
    },
    { name: "knows no client without an identifier", input: { id: "", asksForScopes: true }, expected: undefined },
  ])("$name", ({ input: { id, asksForScopes }, expected }) => {
    expect(findClient(ISSUER, id, asksForScopes)).toEqual(expected);
  });

  it("knows registered clients only where the gateway accepts no others", () => {
    expect(findClient({ ...ISSUER, acceptsAnyClient: false }, "other", true)).toBeUndefined();
  });

  it("gives any client a token without scopes where none is registered", () => {
    expect(findClient({ ...ISSUER, clients: [] }, "other", false)).toMatchObject({ defaultScopes: [] });
  });
});

describe("askedScope", () => {
  it.each([
    { name: "keeps a full name", input: ONLY, expected: ONLY },
    { name: "takes the name that tokens have", input: "read", expected: READ },
    { name: "takes no short name that tokens do not have", input: "only", expected: "only" },
    { name: "keeps a name that nothing declares", input: "write", expected: "write" },
    { name: "is not fooled by a name of every object", input: "constructor", expected: "constructor" },
  ])("$name", ({ input, expected }) => {
    expect(askedScope(ISSUER, input)).toBe(expected);
  });
});
