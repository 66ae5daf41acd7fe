import { describe, expect, it } from "vitest";
import { fullScopeName, registeredClients, type ScopeSource } from "../../../src/local/issuer/clients.ts";

const SOURCE: ScopeSource = {
  resourceServers: {
    "https://a.test": { scopes: { read: "", only: "" } },
    "https://b.test": { scopes: { read: "" } },
  },
  clients: { app: { scopes: ["only", "https://b.test/read"] } },
};

describe("fullScopeName", () => {
  it.each([
    {
      name: "completes a short name that one resource server declares",
      input: "only",
      expected: "https://a.test/only",
    },
    { name: "keeps a full name", input: "https://b.test/read", expected: "https://b.test/read" },
    { name: "keeps a short name that two resource servers declare", input: "read", expected: "read" },
    { name: "keeps a name that nothing declares", input: "write", expected: "write" },
    { name: "is not fooled by a name of every object", input: "constructor", expected: "constructor" },
  ])("$name", ({ input, expected }) => {
    expect(fullScopeName(SOURCE, input)).toBe(expected);
  });
});

describe("registeredClients", () => {
  it("gives each client its full scope names and the secret that follows from its identifier", () => {
    expect(registeredClients(SOURCE).get("app")).toEqual({
      id: "app",
      secret: "app-secret",
      scopes: ["https://a.test/only", "https://b.test/read"],
    });
  });
});
