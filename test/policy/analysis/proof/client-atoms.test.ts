import { describe, expect, it } from "vitest";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { compiled } from "../../../support/policy/policy-file.ts";

function breachesOf(guarantee: unknown, issuer: Record<string, unknown> = {}, extra: readonly unknown[] = []) {
  const [proof] = prove(
    compiled({
      issuers: {
        main: { issuer: "https://issuer.example", profile: "cognito", registeredClientsOnly: true, ...issuer },
      },
      resourceServers: { s: { scopes: { read: "" } } },
      clients: { admin: { scopes: ["read"] }, "a b": { scopes: ["read"] }, "a/b": { scopes: ["read"] } },
      upstreams: { u: { url: "https://u.example" } },
      routes: [
        {
          path: "/clients/:id",
          methods: ["POST"],
          scopes: { allOf: ["read", { param: "id", equals: "client_id" }] },
          upstream: "u",
        },
        ...extra,
      ],
      guarantees: [guarantee],
    }),
  );
  return (proof?.breaches ?? []).map(({ caller, path, claims }) => ({
    caller: caller.kind === "client" ? caller.client.name : caller.kind,
    path,
    claims,
  }));
}

const UNREGISTERED = { registeredClientsOnly: false };

describe("a condition on the client id is met by", () => {
  it.each([
    {
      name: "a client, on its own path",
      guarantee: { clients: ["admin"], never: true },
      expected: [{ caller: "admin", path: "/clients/admin", claims: { client_id: "admin" } }],
    },
    {
      name: "a client whose id needs escapes",
      guarantee: { clients: ["a b"], never: true },
      expected: [{ caller: "a b", path: "/clients/a%20b", claims: { client_id: "a b" } }],
    },
    { name: "no client whose id is no segment", guarantee: { clients: ["a/b"], never: true }, expected: [] },
    {
      name: "no client on the path of another",
      guarantee: { clients: ["admin"], paths: ["/clients/bob"], never: true },
      expected: [],
    },
    {
      name: "a client on its path, of several",
      guarantee: { clients: ["admin"], paths: ["/clients/bob", "/clients/admin"], never: true },
      expected: [{ caller: "admin", path: "/clients/admin", claims: { client_id: "admin" } }],
    },
    {
      name: "every client on its path, if a guarantee asks for it",
      guarantee: { clients: ["admin"], paths: ["/clients/:id"], requires: [{ param: "id", equals: "client_id" }] },
      expected: [],
    },
    {
      name: "an unregistered client on a path of its own",
      guarantee: { paths: ["/clients/:id"], never: true },
      issuer: UNREGISTERED,
      expected: [{ caller: "admin", path: "/clients/admin", claims: { client_id: "admin" } }],
    },
    {
      name: "an unregistered client with the id of a path",
      guarantee: { paths: ["/clients/bob"], never: true },
      issuer: UNREGISTERED,
      expected: [{ caller: "unregistered", path: "/clients/bob", claims: { client_id: "bob" } }],
    },
    {
      name: "no unregistered client with the id of a registered one",
      guarantee: { paths: ["/clients/admin"], except: [{ clients: ["*"] }], never: true },
      issuer: UNREGISTERED,
      expected: [],
    },
  ])("$name", ({ guarantee, issuer, expected }) => {
    expect(breachesOf(guarantee, issuer)).toEqual(expected);
  });

  it("a client, where a deeper route has its id as a literal", () => {
    const deeper = { path: "/clients/admin/x", methods: ["POST"], scopes: ["read"], upstream: "u" };
    expect(breachesOf({ clients: ["admin"], paths: ["/clients/:id"], never: true }, {}, [deeper])).toEqual([
      { caller: "admin", path: "/clients/admin", claims: { client_id: "admin" } },
    ]);
  });

  it("no client, where another route serves its path", () => {
    const sibling = { path: "/clients/admin", methods: ["GET"], scopes: ["read"], upstream: "u" };
    expect(
      breachesOf({ clients: ["admin"], methods: ["POST"], paths: ["/clients/:id"], never: true }, {}, [sibling]),
    ).toEqual([]);
  });
});
