import { describe, expect, it } from "vitest";
import { buildPolicy } from "../../../../src/policy/compiled/build-policy.ts";
import { loadCompiledPolicy } from "../../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../../src/policy/compiled/optional-modules.ts";
import { compiled, faultsOf, policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

const API = "https://api.example";
const ISSUERS = {
  main: { issuer: "https://issuer.example", profile: "cognito" },
  partner: { issuer: "https://partner.example", profile: "cognito" },
};
const { [API]: server } = policyFile().resourceServers;
const ROUTE = { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };

const fileWith = (members: Record<string, unknown>) => policyFileWith({ issuers: ISSUERS, ...members });
const withRoute = (members: Record<string, unknown>) => fileWith({ routes: [{ ...ROUTE, ...members }] });
const withServer = (issuers: unknown, members: Record<string, unknown> = {}) =>
  fileWith({ resourceServers: { [API]: { ...server, issuers } }, ...members });

describe("the issuers that a part names", () => {
  it("are the sorted names of a route", () => {
    const { requirement } = compiled(withRoute({ issuers: ["partner", "main"] })).routes[0] ?? {};
    expect(requirement).toMatchObject({ kind: "scopes", issuers: ["main", "partner"] });
  });

  it("are those of a route that any token opens", () => {
    const file = withRoute({ scopes: undefined, authenticated: true, issuers: ["partner"] });
    const { requirement } = compiled(JSON.parse(JSON.stringify(file))).routes[0] ?? {};
    expect(requirement).toEqual({ kind: "authenticated", issuers: ["partner"] });
  });

  it("are no member of a requirement that names none", () => {
    expect(compiled(fileWith({})).routes[0]?.requirement).not.toHaveProperty("issuers");
  });

  it("tell requirements apart, and equal ones are one object", () => {
    const routes = [["main"], ["main"], ["partner"], undefined].map((issuers, at) => ({
      ...ROUTE,
      path: `/orders/${at}`,
      ...(issuers && { issuers }),
    }));
    const [one, same, other, any] = compiled(fileWith({ routes })).routes.map(({ requirement }) => requirement);
    expect(one).toBe(same);
    expect(new Set([one, other, any]).size).toBe(3);
  });

  it("are those of a resource server", () => {
    const { resourceServers, scopes } = compiled(withServer(["partner", "main"]));
    expect(resourceServers.get(API)?.issuers).toEqual(["main", "partner"]);
    expect([...scopes.issuersOf]).toEqual([[API, ["main", "partner"]]]);
    expect(compiled(fileWith({})).scopes.issuersOf.size).toBe(0);
  });

  it("are those of a guarantee and of its exceptions", () => {
    const guarantees = [{ issuers: ["partner"], except: [{ issuers: ["main"], paths: ["/orders"] }], never: true }];
    const [guarantee] = compiled(fileWith({ guarantees })).guarantees;
    expect(guarantee?.issuers).toEqual(new Set(["partner"]));
    expect(guarantee?.except[0]?.issuers).toEqual(new Set(["main"]));
    expect(guarantee?.name).toBe("never: with tokens of partner");
  });

  it("reach the Worker", async () => {
    const file = withServer(["main"], { routes: [{ ...ROUTE, issuers: ["main"] }] });
    const built = await buildPolicy(file, {});
    const loaded = built.ok ? loadCompiledPolicy(JSON.parse(JSON.stringify(built.value)), {}, OPTIONAL_MODULES) : built;
    if (!loaded.ok) throw new Error("The policy does not load.");
    expect(loaded.value.table.match("/orders")?.byMethod.get("GET")?.requirement).toMatchObject({ issuers: ["main"] });
    expect([...loaded.value.scopes.issuersOf]).toEqual([[API, ["main"]]]);
    expect(loaded.value.resources.get("")?.issuers).toEqual(["main"]);
  });

  it("change the digest, except by their order", async () => {
    const digest = async (file: unknown) => {
      const built = await buildPolicy(file, {});
      return built.ok ? built.value.digest : undefined;
    };
    const files = [
      fileWith({}),
      withRoute({ issuers: ["main"] }),
      withRoute({ issuers: ["main", "partner"] }),
      withServer(["main"]),
      withServer(["main", "partner"]),
    ];
    const digests = await Promise.all(files.map(digest));
    expect(new Set(digests).size).toBe(files.length);
    expect(await digest(withRoute({ issuers: ["partner", "main"] }))).toBe(digests[2]);
    expect(await digest(withServer(["partner", "main"]))).toBe(digests[4]);
  });
});

describe("a fault is reported for", () => {
  it.each([
    {
      name: "an unknown issuer of a route, with the nearest name",
      file: withRoute({ issuers: ["partnr"] }),
      expected: ["$.routes[0].issuers[0]: There is no issuer `partnr`. Did you mean `partner`?"],
    },
    {
      name: "an unknown issuer that is near to none",
      file: withRoute({ issuers: ["main", "elsewhere"] }),
      expected: ["$.routes[0].issuers[1]: There is no issuer `elsewhere`. Add it to `issuers`."],
    },
    {
      name: "an issuer that is listed twice",
      file: withRoute({ issuers: ["main", "main"] }),
      expected: ["$.routes[0].issuers[1]: `main` is listed twice. Remove one of them."],
    },
    {
      name: "an unknown issuer of a resource server",
      file: withServer(["Main"]),
      expected: [`$.resourceServers["${API}"].issuers[0]: There is no issuer \`Main\`. Did you mean \`main\`?`],
    },
    {
      name: "unknown issuers of a guarantee and its exceptions",
      file: fileWith({ guarantees: [{ issuers: ["mian"], except: [{ issuers: ["partne"] }], never: true }] }),
      expected: [
        "$.guarantees[0].issuers[0]: There is no issuer `mian`. Did you mean `main`?",
        "$.guarantees[0].except[0].issuers[0]: There is no issuer `partne`. Did you mean `partner`?",
      ],
    },
    {
      name: "issuers of a public route",
      file: fileWith({
        routes: [{ path: "/orders", methods: ["GET"], public: true, issuers: ["main"], upstream: "orders" }],
      }),
      expected: [
        "$.routes[0].issuers: A public route reads no token, so `issuers` has no effect. Remove `issuers`, or replace `public`.",
      ],
    },
    {
      name: "a client's scope that its issuer may not grant",
      file: withServer(["main"], {
        clients: {
          ours: { issuer: "main", scopes: ["read:orders"] },
          theirs: { issuer: "partner", scopes: ["read:orders"] },
        },
      }),
      expected: [
        `$.clients.theirs.scopes[0]: The resource server \`${API}\` does not let the issuer \`partner\` grant \`read:orders\`. ` +
          "Remove the scope, or add the issuer to `issuers` of the resource server.",
      ],
    },
    { name: "nothing where each names what there is", file: withServer(["main"]), expected: [] },
  ])("$name", ({ file, expected }) => {
    expect(faultsOf(file)).toEqual(expected);
  });

  it.each(["route", "server"])("an empty list of a %s", (where) => {
    const [fault] = faultsOf(where === "route" ? withRoute({ issuers: [] }) : withServer([]));
    expect(fault).toContain("issuers");
  });

  it("an issuer's own mistake only, and not for the parts that name it", () => {
    const file = { ...withRoute({ issuers: ["main"] }), issuers: "https://issuer.example" };
    expect(faultsOf(file).every((fault) => fault.startsWith("$.issuers"))).toBe(true);
  });
});
