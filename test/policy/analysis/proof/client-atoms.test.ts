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
    {
      name: "no client on a path that an exception leaves out",
      guarantee: { clients: ["admin"], except: [{ paths: ["/clients/admin"] }], never: true },
      expected: [],
    },
    {
      name: "no client below a path that an exception leaves out",
      guarantee: { clients: ["admin"], paths: ["/clients/:id"], except: [{ under: ["/clients/admin"] }], never: true },
      expected: [],
    },
    {
      name: "an unregistered client with the one id that the issuer accepts",
      guarantee: { paths: ["/clients/:id"], never: true },
      issuer: { ...UNREGISTERED, audiences: ["web"] },
      expected: [{ caller: "unregistered", path: "/clients/web", claims: { client_id: "web" } }],
    },
    {
      name: "an unregistered client with one of several ids, where an exception leaves out the first",
      guarantee: { except: [{ paths: ["/clients/web"] }], never: true },
      issuer: { ...UNREGISTERED, audiences: ["web", "app"] },
      expected: [{ caller: "unregistered", path: "/clients/app", claims: { client_id: "app" } }],
    },
    {
      name: "no unregistered client on the path of an id that the issuer refuses",
      guarantee: { paths: ["/clients/bob"], never: true },
      issuer: { ...UNREGISTERED, audiences: ["web"] },
      expected: [],
    },
    {
      name: "every unregistered client with the one id, if a guarantee asks for it",
      guarantee: { paths: ["/clients/web"], requires: [{ param: "id", equals: "client_id" }] },
      issuer: { ...UNREGISTERED, audiences: ["web"] },
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

  it("an unregistered client of any issuer, where the first accepts one id only", () => {
    const [proof] = prove(
      compiled({
        issuers: {
          main: { issuer: "https://issuer.example", profile: "cognito", audiences: ["web"] },
          other: { issuer: "https://other.example", profile: "generic", audiences: ["api"] },
        },
        upstreams: { u: { url: "https://u.example" } },
        routes: [
          { path: "/clients/:id", methods: ["GET"], scopes: [{ param: "id", equals: "client_id" }], upstream: "u" },
        ],
        guarantees: [{ paths: ["/clients/bob"], never: true }],
      }),
    );
    const callers = proof?.breaches.map(({ caller }) => caller.kind === "unregistered" && caller.issuer.name);
    expect(callers).toEqual(["other"]);
  });
});
