import { describe, expect, it } from "vitest";
import { clientIdOf, fullScopeName, registeredClients, type ScopeSource } from "../../../src/local/issuer/clients.ts";

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

  it("gives the clients of one issuer, by their client ids", () => {
    const clients = {
      app: { id: "app-1", issuer: "local", scopes: [] },
      twin: { id: "app-1", issuer: "partner", scopes: ["only"] },
      free: { scopes: [] },
    };
    const found = registeredClients({ ...SOURCE, clients }, "local");
    expect(Array.from(found, ([id, { secret, scopes }]) => [id, secret, scopes])).toEqual([
      ["app-1", "app-1-secret", []],
      ["free", "free-secret", []],
    ]);
  });
});

describe("clientIdOf", () => {
  const clients = { app: { id: "app-1", scopes: [] }, plain: { scopes: [] } };
  it.each([
    { name: "an id of its own", input: "app", expected: "app-1" },
    { name: "its name for an id", input: "plain", expected: "plain" },
    { name: "itself, if nothing registers it", input: "app-1", expected: "app-1" },
    { name: "itself, if every object has such a member", input: "constructor", expected: "constructor" },
  ])("gives $name: $input", ({ input, expected }) => {
    expect(clientIdOf({ clients }, input)).toBe(expected);
  });
});
