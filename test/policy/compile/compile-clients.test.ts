import { describe, expect, test } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";

const main = { issuer: "https://issuer.example", profile: "cognito" };
const partner = { issuer: "https://partner.example", profile: "cognito" };
const scopes = ["read:orders"];

const REQUIRED =
  "The client has no `issuer`, and the policy has several issuers. " +
  "Name its issuer: client ids are unique for one issuer only, so another issuer could use the same id.";
const DOUBLED = "Remove one of them, or change its `id` or `issuer`: a token must belong to one registration.";

describe("the issuer and the id of a client", () => {
  test.each([
    { name: "of the only issuer", issuers: { main }, client: { scopes }, expected: ["app", "main"] },
    {
      name: "of the issuer it names",
      issuers: { main, partner },
      client: { issuer: "partner", scopes },
      expected: ["app", "partner"],
    },
    { name: "with an id of its own", issuers: { main }, client: { id: "7f3a", scopes }, expected: ["7f3a", "main"] },
  ])("$name", ({ issuers, client, expected }) => {
    const found = compiled(policyFileWith({ issuers, clients: { app: client } })).clients.get("app");
    expect([found?.id, found?.issuer]).toEqual(expected);
    expect(found?.name).toBe("app");
  });

  test("are found by the issuer, then by the id", () => {
    const clients = {
      ours: { id: "admin", issuer: "main", scopes },
      theirs: { id: "admin", issuer: "partner", scopes: [] },
    };
    const { registrations } = compiled(policyFileWith({ issuers: { main, partner }, clients }));
    expect(registrations.get("main")?.get("admin")?.name).toBe("ours");
    expect(registrations.get("partner")?.get("admin")?.name).toBe("theirs");
    expect(registrations.get("main")?.get("ours")).toBeUndefined();
  });
});

describe("a fault is reported for", () => {
  test.each([
    {
      name: "a client that is named like all clients of a guarantee",
      clients: { "*": { issuer: "main", scopes } },
      expected: [
        '$.clients["*"]: A client cannot be named `*`. ' +
          "Each entry is one client; a guarantee's `*` stands for all of them. Give this client another name.",
      ],
    },
    {
      name: "an id that seems to mean any client",
      clients: { any: { id: "*", issuer: "main", scopes } },
      expected: [
        "$.clients.any.id: `*` is not a client id. " +
          "Each entry is one client; a guarantee's `*` stands for all of them. Write the id of one client.",
      ],
    },
    {
      name: "nothing in a name with another `*`",
      clients: { "a*": { id: "*b", issuer: "main", scopes } },
      expected: [],
    },
    {
      name: "a client without an issuer where there are several",
      clients: { app: { scopes } },
      expected: [`$.clients.app: ${REQUIRED}`],
    },
    {
      name: "an issuer that is not there",
      clients: { app: { issuer: "partnr", scopes } },
      expected: ["$.clients.app.issuer: There is no issuer `partnr`. Did you mean `partner`?"],
    },
    {
      name: "an issuer that nothing resembles",
      clients: { app: { issuer: "elsewhere", scopes } },
      expected: ["$.clients.app.issuer: There is no issuer `elsewhere`. Add it to `issuers`."],
    },
    {
      name: "one id twice under one issuer",
      clients: { one: { id: "x", issuer: "main", scopes }, two: { id: "x", issuer: "main", scopes } },
      expected: [`$.clients.two.id: \`one\` is also registered as \`x\` of the issuer \`main\`. ${DOUBLED}`],
    },
    {
      name: "a name that is the id of another",
      clients: { one: { id: "two", issuer: "main", scopes }, two: { issuer: "main", scopes } },
      expected: [`$.clients.two: \`one\` is also registered as \`two\` of the issuer \`main\`. ${DOUBLED}`],
    },
    {
      name: "one id under two issuers: none",
      clients: { one: { id: "x", issuer: "main", scopes }, two: { id: "x", issuer: "partner", scopes } },
      expected: [],
    },
    {
      name: "an empty id",
      clients: { app: { id: "", issuer: "main", scopes } },
      expected: ["$.clients.app.id: This is empty. Write at least one character."],
    },
  ])("$name", ({ clients, expected }) => {
    expect(faultsOf(policyFileWith({ issuers: { main, partner }, clients }))).toEqual(expected);
  });

  test("an issuer where the policy has none", () => {
    const routes = [{ path: "/", methods: ["GET"], public: true, upstream: "orders" }];
    expect(faultsOf(policyFileWith({ issuers: {}, clients: { app: { issuer: "main", scopes: [] } }, routes }))).toEqual(
      ["$.clients.app.issuer: There is no issuer `main`. Add it to `issuers`."],
    );
  });

  test("nothing that follows from faulty issuers", () => {
    expect(faultsOf(policyFileWith({ issuers: 3, clients: { app: { issuer: "main", scopes } } }))).toEqual([
      expect.stringContaining("$.issuers: "),
    ]);
  });
});
