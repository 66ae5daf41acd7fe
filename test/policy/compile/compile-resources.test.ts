import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createChallenge } from "../../../src/answer/challenge.ts";
import { Denial } from "../../../src/answer/denial.ts";
import { protectedResource } from "../../../src/endpoints/protected-resource.ts";
import { jsonPath } from "../../../src/policy/fault.ts";
import type { Route } from "../../../src/policy/policy.ts";
import { resourceOf } from "../../../src/policy/resource-of.ts";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";
import { runs } from "../../support/policy/random-policy.ts";

const API = "https://api.example";
const route = (path: string, requirement: Readonly<Record<string, unknown>> = { authenticated: true }) => ({
  path,
  methods: ["GET"],
  ...requirement,
  upstream: "orders",
});
const READ = { scopes: ["read:orders"] };
const WRITE = { scopes: ["write:orders"] };
const PUBLIC = { public: true };

function resourcesOf(resources: unknown, ...routes: readonly unknown[]) {
  const members = resources === undefined ? {} : { resources };
  return [...compiled(policyFileWith({ ...members, routes })).resources.values()];
}

describe("the protected resources", () => {
  it("are the origin alone where none is declared", () => {
    const origin = { path: "", name: undefined, scopes: [`${API}/read:orders`], acceptsTokens: true };
    expect(resourcesOf(undefined, route("/orders", READ), route("/", PUBLIC))).toEqual([origin]);
    expect(resourcesOf({}, route("/orders", READ), route("/", PUBLIC))).toEqual([origin]);
  });

  it("are those that are declared, with the scopes of their own routes, the longest path first", () => {
    const [tools, inner] = [{ name: "Tools" }, {}];
    const found = resourcesOf(
      { "/mcp": tools, "/mcp/admin": inner },
      route("/mcp", WRITE),
      route("/mcp/:id", READ),
      route("/mcp/admin/*", READ),
      route("/mcps"),
    );
    expect(found).toEqual([
      { path: "/mcp/admin", name: undefined, scopes: [`${API}/read:orders`], acceptsTokens: true },
      { path: "/mcp", name: "Tools", scopes: [`${API}/read:orders`, `${API}/write:orders`], acceptsTokens: true },
      { path: "", name: undefined, scopes: [], acceptsTokens: true },
    ]);
  });

  it("have the issuers that their routes accept, and the scopes that these may grant", () => {
    const issuers = {
      main: { issuer: "https://issuer.example", profile: "cognito" },
      partner: { issuer: "https://partner.example", profile: "cognito" },
    };
    const resourceServers = {
      [API]: { issuers: ["main"], scopes: { "read:orders": "" } },
      open: { scopes: { "write:orders": "" } },
    };
    const found = (...routes: readonly unknown[]) =>
      compiled(policyFileWith({ issuers, resourceServers, routes })).resources.get("");
    const [ours, theirs] = [
      { ...READ, issuers: ["main"] },
      { scopes: ["*:orders"], issuers: ["partner"] },
    ];
    expect(found(route("/a", theirs), route("/b", PUBLIC))).toMatchObject({
      issuers: ["partner"],
      scopes: ["open/write:orders"],
    });
    expect(found(route("/a", theirs), route("/b", ours))).toMatchObject({
      issuers: ["main", "partner"],
      scopes: [`${API}/read:orders`, "open/write:orders"],
    });
    expect(found(route("/a", theirs), route("/b", READ))).not.toHaveProperty("issuers");
    expect(found(route("/b", PUBLIC))).not.toHaveProperty("issuers");
  });

  it("leave out the origin where every route belongs to another", () => {
    expect(resourcesOf({ "/mcp": {} }, route("/mcp")).map(({ path }) => path)).toEqual(["/mcp"]);
  });

  it("have the origin where it is declared, even if no route belongs to it", () => {
    expect(resourcesOf({ "/": { name: "All" }, "/mcp": {} }, route("/mcp"))).toEqual([
      { path: "/mcp", name: undefined, scopes: [], acceptsTokens: true },
      { path: "", name: "All", scopes: [], acceptsTokens: false },
    ]);
  });

  it("accept tokens only where some route does", () => {
    const found = resourcesOf({ "/a": {}, "/b": {} }, route("/a", PUBLIC), route("/b", PUBLIC), route("/b/c"));
    expect(found.map(({ path, acceptsTokens }) => [path, acceptsTokens])).toEqual([
      ["/a", false],
      ["/b", true],
    ]);
  });

  it("accept tokens where they are optional", () => {
    const found = resourcesOf({ "/a": {} }, route("/a", { optional: true }));
    expect(found).toMatchObject([{ path: "/a", acceptsTokens: true }]);
  });

  it("may differ in a trailing slash, which covers what is beneath", () => {
    const routes = [route("/mcp", READ), route("/mcp/", WRITE), route("/mcp/x", WRITE), route("/mcp/y", READ)];
    const found = resourcesOf({ "/mcp/": {}, "/mcp": {}, "/mcp/y": {} }, ...routes);
    expect(found.map(({ path, scopes }) => [path, scopes])).toEqual([
      ["/mcp/y", [`${API}/read:orders`]],
      ["/mcp/", [`${API}/write:orders`]],
      ["/mcp", [`${API}/read:orders`]],
    ]);
  });

  it("give an undeclared origin the name of the only resource server", () => {
    const nameOf = (resourceServers: Readonly<Record<string, unknown>>) =>
      compiled(policyFileWith({ resourceServers, routes: [route("/")] })).resources.get("")?.name;
    expect(nameOf({ a: { name: "The API", scopes: {} } })).toBe("The API");
    expect(nameOf({ a: { name: "The API", scopes: {} }, b: { scopes: {} } })).toBeUndefined();
  });
});

describe("a resource is refused", () => {
  it.each([
    { name: "without a slash", paths: ["mcp"], expected: "The path does not start with a slash. Write `/mcp`." },
    { name: "with an empty path", paths: [""], expected: "This is empty. Write at least one character." },
    {
      name: "with a parameter",
      paths: ["/a/b/:id"],
      expected: "The path has a parameter or a `*`. Write one path, such as `/a/b`: it covers all beneath.",
    },
    {
      name: "with a `*`",
      paths: ["/*"],
      expected: "The path has a parameter or a `*`. Write one path, such as `/`: it covers all beneath.",
    },
    { name: "that is not canonical", paths: ["/%61"], expected: "The path is not in canonical form. Write `/a`." },
    {
      name: "with an empty segment",
      paths: ["/a//b"],
      expected: "The path contains an empty segment. The gateway refuses every request with such a path.",
    },
    { name: "with a dot segment", paths: ["/a/../b"], expected: "The path is not in canonical form. Write `/b`." },
    {
      name: "with a query",
      paths: ["/a?b"],
      expected: "The path contains `?` or `#`. A query is never matched. Write %3F or %23 if you mean the character.",
    },
    {
      name: "of the gateway",
      paths: ["/_gateway/x"],
      expected: "The path belongs to the gateway. Choose another path.",
    },
    {
      name: "of the gateway's metadata",
      paths: ["/.well-known/oauth-protected-resource/x"],
      expected: "The path belongs to the gateway. Choose another path.",
    },
    {
      name: "that is declared twice in two spellings",
      paths: ["/@me", "/%40me"],
      expected: "This is the same path as `/@me`. Remove one of them.",
    },
  ])("$name", ({ paths, expected }) => {
    const resources = Object.fromEntries(paths.map((path) => [path, {}]));
    const place = jsonPath(["resources", paths.at(-1) ?? ""]);
    expect(faultsOf(policyFileWith({ resources }))).toEqual([`${place}: ${expected}`]);
  });

  it.each([
    { name: "another member", resources: { "/mcp": { title: "x" } }, expected: "This member is unknown." },
    { name: "a name of another type", resources: { "/mcp": { name: 1 } }, expected: "Found 1." },
    { name: "no object", resources: { "/mcp": "Tools" }, expected: 'Found "Tools".' },
    { name: "a list in the place of all", resources: ["/mcp"], expected: "Found an array." },
  ])("with $name", ({ resources, expected }) => {
    expect(faultsOf(policyFileWith({ resources }))).toEqual([expect.stringContaining(expected)]);
  });

  it.each(["/a", "/a/", "/caf%C3%A9", "/%3Aid", "/"])("but not with the path %s", (path) => {
    expect(faultsOf(policyFileWith({ resources: { [path]: {} } }))).toEqual([]);
  });
});

const segment = fc.constantFrom("a", "b", "@", "%40", ":x", "%3Ax");
const literal = fc.constantFrom("a", "b", "@", "%3Ax");
const pathOf = (of: fc.Arbitrary<string>) =>
  fc.tuple(fc.array(of, { maxLength: 3 }), fc.boolean()).map(([parts, slash]) => {
    const path = `/${parts.join("/")}`;
    return slash && parts.length > 0 ? `${path}/` : path;
  });

/** What a route belongs to, written without the code under test: the first declared path, from the longest. */
function naiveResource(declared: readonly string[], pattern: string): string {
  const text = (path: string) => path.replaceAll("%40", "@");
  const covering = declared.filter((path) => {
    const [mine, its] = [text(path), text(pattern)];
    return path === "/" || its === mine || its.startsWith(mine.endsWith("/") ? mine : `${mine}/`);
  });
  const rank = (path: string) => [path.replace(/\/$/, "").split("/").length, Number(path.endsWith("/"))] as const;
  const [longest] = covering.toSorted((one, other) => rank(other)[0] - rank(one)[0] || rank(other)[1] - rank(one)[1]);
  return longest === undefined || longest === "/" ? "" : longest;
}

it("belongs to every route exactly one, whose document its challenge names", () => {
  const origin = "https://gw.example";
  fc.assert(
    fc.property(
      fc.uniqueArray(pathOf(literal), { maxLength: 4 }),
      fc.uniqueArray(pathOf(segment.filter((it) => it !== ":x")), {
        minLength: 1,
        maxLength: 5,
        selector: (it) => it.replaceAll("%40", "@"),
      }),
      fc.array(fc.constantFrom(READ, WRITE, PUBLIC, { authenticated: true }), { minLength: 5, maxLength: 5 }),
      (declared, patterns, requirements) => {
        const resources = Object.fromEntries(declared.map((path) => [path, {}]));
        const routes = patterns.map((path, index) => route(path, requirements[index]));
        const policy = compiled(policyFileWith({ resources, routes }));
        const challenge = createChallenge(policy);
        const mentioned = new Map<string, Set<string>>();
        for (const it of policy.routes) {
          const expected = naiveResource(declared, it.path);
          expect(resourceOf(policy.resources, it.path).path).toBe(expected);
          const value = challenge(new Denial("credentials-missing"), it, origin) ?? "";
          const [, url = ""] = /resource_metadata="([^"]*)"/.exec(value) ?? [];
          const { pathname } = new URL(url);
          const document = protectedResource(
            policy,
            pathname.replace("/.well-known/oauth-protected-resource", ""),
            origin,
          );
          expect(document?.resource).toBe(origin + expected);
          mentioned.set(expected, (mentioned.get(expected) ?? new Set()).union(new Set(scopesOf(it))));
        }
        for (const [path, { scopes }] of policy.resources) {
          expect(new Set(scopes)).toEqual(mentioned.get(path) ?? new Set());
        }
      },
    ),
    runs(300),
  );
});

function scopesOf({ requirement }: Route): readonly string[] {
  return requirement.kind === "scopes" ? requirement.mentioned : [];
}
