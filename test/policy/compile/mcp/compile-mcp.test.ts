import { describe, expect, it } from "vitest";
import { MAX_MCP_BODY_BYTES, MIN_MCP_BODY_BYTES } from "../../../../src/limits.ts";
import { MCP_TABLES } from "../../../../src/policy/mcp/mcp-rules.ts";
import type { Policy, Route } from "../../../../src/policy/policy.ts";
import { compiled, faultsOf, policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

const ANY = { authenticated: true };
const READ = { scopes: ["read:orders"] };
const MCP = { methods: { "tools/list": ANY }, tools: { get_order: READ, "delete_*": { scopes: ["write:orders"] } } };
const ROUTE = { path: "/mcp", upstream: "orders", mcp: MCP };

/** A policy with one MCP route, with these members in place of its own. */
const fileWith = (members: object, others: object = {}) =>
  policyFileWith({ ...others, routes: [{ ...ROUTE, ...members }] });
const fileWithMcp = (members: object) => fileWith({ mcp: { ...MCP, ...members } });

function routeOf(file: unknown): Route {
  const [route] = compiled(file).routes;
  if (route === undefined) throw new Error("There is no route.");
  return route;
}

const scopes = (...names: readonly string[]) => {
  const full = names.map((name) => `https://api.example/${name}`);
  const of = full.map((name) => ({ kind: "scope", name }));
  return { kind: "scopes", expression: { kind: "anyOf", of }, mentioned: full };
};

describe("an MCP route", () => {
  it("has a requirement for each name, and needs a token", () => {
    const { requirement, methods, mcp } = routeOf(fileWith({}));
    expect({ requirement, methods }).toEqual({ requirement: { kind: "authenticated" }, methods: ["POST"] });
    const tables = MCP_TABLES.map((table) => [table, Object.fromEntries(mcp?.[table].entries ?? [])]);
    expect(Object.fromEntries(tables)).toEqual({
      methods: { "tools/list": { kind: "authenticated" } },
      tools: { get_order: scopes("read:orders"), "delete_*": scopes("write:orders") },
      resources: {},
      prompts: {},
    });
    expect({ ...mcp, ...Object.fromEntries(MCP_TABLES.map((table) => [table, 0])) }).toEqual({
      ...{ methods: 0, tools: 0, resources: 0, prompts: 0 },
      maxBodyBytes: 262_144,
      filterLists: false,
      requirements: [{ kind: "authenticated" }, scopes("read:orders"), scopes("write:orders")],
    });
  });

  it("has everything that is written", () => {
    const { methods, mcp, upstreamPath } = routeOf(
      fileWith({
        upstreamPath: "/api/mcp",
        mcp: {
          ...MCP,
          name: "Order tools",
          resources: { "orders://*": READ },
          prompts: { summary: ANY },
          streams: ANY,
          replies: READ,
          origins: ["https://app.example", "https://*.apps.example"],
          maxBodyBytes: 4096,
          filterLists: true,
        },
      }),
    );
    expect(methods).toEqual(["POST", "GET", "DELETE"]);
    expect(upstreamPath).toBe("/api/mcp");
    expect(mcp?.resources.find("orders://1")?.requirement).toEqual(scopes("read:orders"));
    expect(mcp?.prompts.find("summary")?.requirement).toEqual({ kind: "authenticated" });
    expect(mcp).toMatchObject({
      name: "Order tools",
      streams: { kind: "authenticated" },
      replies: scopes("read:orders"),
      origins: { exact: new Set(["https://app.example"]), wildcard: new Set(["https://*.apps.example"]) },
      maxBodyBytes: 4096,
      filterLists: true,
    });
  });

  it("asks for the same token with every message", () => {
    const { requirement, mcp } = routeOf(
      fileWith({ issuers: ["main"], senderConstrained: true, authentication: { maxAgeSeconds: 300 } }),
    );
    const asked = { issuers: ["main"], senderConstrained: true, authentication: { maxAgeSeconds: 300 } };
    expect(requirement).toEqual({ kind: "authenticated", ...asked });
    expect(mcp?.requirements).toEqual([
      { kind: "authenticated", ...asked },
      { ...scopes("read:orders"), ...asked },
      { ...scopes("write:orders"), ...asked },
    ]);
  });

  it("asks for more with one message", () => {
    const { requirement, mcp } = routeOf(
      fileWith({
        issuers: ["main"],
        mcp: { tools: { pay: { ...READ, authentication: { maxAgeSeconds: 60 }, senderConstrained: true } } },
      }),
    );
    expect(requirement).toEqual({ kind: "authenticated", issuers: ["main"] });
    expect(mcp?.tools.find("pay")?.requirement).toEqual({
      ...scopes("read:orders"),
      issuers: ["main"],
      senderConstrained: true,
      authentication: { maxAgeSeconds: 60 },
    });
  });

  it("makes the policy one that looks at messages, claims and authentication", () => {
    const file = fileWithMcp({
      tools: { pay: { scopes: [{ claim: "tier", in: ["gold"] }], authentication: { maxAgeSeconds: 60 } } },
    });
    const { hasMessages, testedClaims, asksForAuthentication } = compiled(file);
    expect({ hasMessages, asksForAuthentication }).toEqual({ hasMessages: true, asksForAuthentication: true });
    expect(testedClaims.map(({ claim }) => claim)).toEqual([["tier"]]);
  });

  it("may only report, and may be limited", () => {
    const file = fileWith(
      { report: { until: "2027-01-31" }, rateLimit: ["standard"] },
      { rateLimits: { standard: { binding: "RL", limit: 100, periodSeconds: 60, by: "client" } } },
    );
    const { report, rateLimits, mcp } = routeOf(file);
    expect([report?.until, rateLimits?.map(({ name }) => name), mcp?.tools.entries.size]).toEqual([
      "2027-01-31",
      ["standard"],
      2,
    ]);
  });

  it("stands beside routes for other methods and on other hosts", () => {
    const get = { path: "/mcp", methods: ["GET"], public: true, upstream: "orders" };
    expect(faultsOf(policyFileWith({ routes: [ROUTE, get] }))).toEqual([]);
    const hosts = ["a.example", "b.example"];
    const routes = hosts.map((host) => ({ ...ROUTE, hosts: [host] }));
    expect(faultsOf(policyFileWith({ hosts, routes }))).toEqual([]);
  });
});

it("a policy without messages has no member for them", () => {
  const policy = compiled(policyFile());
  expect(policy).not.toHaveProperty("hasMessages");
  expect(policy.routes[0]).not.toHaveProperty("mcp");
});

const AT = "$.routes[0]";
const NOT_NORMAL =
  "Write scheme and host in lower case, without user, dot segments, backslash or fragment, and escape only what a URI cannot contain.";

describe("a fault is", () => {
  it.each([
    {
      name: "a list of methods",
      file: fileWith({ methods: ["POST"] }),
      expected: `${AT}.methods: The methods of an MCP route follow from its messages. Remove \`methods\`: messages are posted, and \`streams\` of \`mcp\` opens GET and DELETE.`,
    },
    ...["scopes", "authenticated", "optional", "public"].map((member) => ({
      name: `\`${member}\` of the route`,
      file: fileWith({ [member]: member === "scopes" ? ["read:orders"] : true }),
      expected: `${AT}.${member}: The messages of an MCP route have requirements of their own. Remove \`${member}\`: write what each message requires in the tables of \`mcp\`.`,
    })),
    ...["public", "optional"].map((member) => ({
      name: `\`${member}\` of a message`,
      file: fileWithMcp({ tools: { get_order: { [member]: true } } }),
      expected: `${AT}.mcp.tools.get_order.${member}: Every message needs a token. Replace \`${member}\` by "authenticated": true, which any valid token meets, or by \`scopes\`.`,
    })),
    {
      name: "`public` of streams",
      file: fileWithMcp({ streams: { public: true } }),
      expected: `${AT}.mcp.streams.public: Every message needs a token. Replace \`public\` by "authenticated": true, which any valid token meets, or by \`scopes\`.`,
    },
    {
      name: "an entry without a requirement",
      file: fileWithMcp({ tools: { get_order: {} } }),
      expected: `${AT}.mcp.tools.get_order: The entry does not say who may send this. Add "scopes" or "authenticated": true. Or remove the entry: what is not listed is refused.`,
    },
    {
      name: "an entry with two requirements",
      file: fileWithMcp({ tools: { get_order: { ...ANY, ...READ } } }),
      expected: `${AT}.mcp.tools.get_order: The entry has \`scopes\` and \`authenticated\`. Keep one of them and remove the other.`,
    },
    ...["issuers", "senderConstrained", "authentication"].map((member) => {
      const asked = { issuers: ["main"], senderConstrained: true, authentication: { maxAgeSeconds: 60 } };
      const own = { [member]: asked[member as keyof typeof asked] };
      return {
        name: `\`${member}\` of the route and of a message`,
        file: fileWith({ ...own, mcp: { tools: { pay: { ...READ, ...own } } } }),
        expected: `${AT}.mcp.tools.pay.${member}: The route has \`${member}\`, too, and that applies to all its messages. Keep one of them: in the route for all messages, or in each entry that needs it.`,
      };
    }),
    {
      name: "an issuer that is unknown",
      file: fileWith({ issuers: ["mian"] }),
      expected: `${AT}.issuers[0]: There is no issuer \`mian\`. Did you mean \`main\`?`,
    },
    {
      name: "an undeclared scope",
      file: fileWithMcp({ tools: { get_order: { scopes: ["read:order"] } } }),
      expected: `${AT}.mcp.tools.get_order.scopes[0]: The scope \`read:order\` is not declared. Did you mean \`read:orders\`?`,
    },
    {
      name: "a condition on a parameter",
      file: fileWithMcp({ tools: { get_order: { scopes: [{ param: "id", equals: "sub" }] } } }),
      expected: `${AT}.mcp.tools.get_order.scopes[0].param: The path of an MCP route has no parameters. Compare a claim with fixed values: { "claim": "...", "in": [...] }.`,
    },
    {
      name: "a condition on a parameter in a group",
      file: fileWithMcp({
        tools: { get_order: { scopes: { allOf: ["read:orders", { anyOf: [{ param: "id", equals: "sub" }] }] } } },
      }),
      expected: `${AT}.mcp.tools.get_order.scopes.allOf[1].anyOf[0].param: The path of an MCP route has no parameters. Compare a claim with fixed values: { "claim": "...", "in": [...] }.`,
    },
    {
      name: "a parameter in the path",
      file: fileWith({ path: "/:tenant/mcp" }),
      expected: `${AT}.path: The path of an MCP route has a parameter or a \`*\`. Write one route for each server: its metadata names exactly one address.`,
    },
    {
      name: "a `*` in the path",
      file: fileWith({ path: "/mcp/*" }),
      expected: `${AT}.path: The path of an MCP route has a parameter or a \`*\`. Write one route for each server: its metadata names exactly one address.`,
    },
    {
      name: "an upstream that gets the caller's token",
      file: fileWith({}, { upstreams: { orders: { url: "https://orders.example", forwardAuthorization: true } } }),
      expected: `${AT}.upstream: The upstream \`orders\` gets the caller's token, which is not meant for it. Remove its \`forwardAuthorization\`: an MCP server must not get tokens that were issued for the gateway.`,
    },
    {
      name: "a route that serves no message",
      file: fileWith({ mcp: { tools: {}, prompts: {}, streams: ANY } }),
      expected: `${AT}.mcp: The route serves no message. List in \`methods\` and \`tools\` what may be called.`,
    },
    {
      name: "a `*` inside a name",
      file: fileWithMcp({ tools: { "get_*_order": READ } }),
      expected: `${AT}.mcp.tools["get_*_order"]: A \`*\` is allowed only at the end. Write the beginning of the names and one \`*\`, or list the names.`,
    },
    {
      name: "a doubled `*`",
      file: fileWithMcp({ prompts: { "get_**": READ } }),
      expected: `${AT}.mcp.prompts["get_**"]: A \`*\` is allowed only at the end. Write the beginning of the names and one \`*\`, or list the names.`,
    },
    {
      name: "a method with a space",
      file: fileWithMcp({ methods: { "tools list": ANY } }),
      expected: `${AT}.mcp.methods["tools list"]: No method has this name. Use visible ASCII characters only.`,
    },
    {
      name: "a method with a letter of another script",
      file: fileWithMcp({ methods: { "tööls/*": ANY } }),
      expected: `${AT}.mcp.methods["tööls/*"]: No method has this name. Use visible ASCII characters only.`,
    },
    ...[
      ["tools/call", "Write the tools in `tools`."],
      ["prompts/get", "Write the prompts in `prompts`."],
      ["resources/read", "Write the URIs in `resources`."],
      ["resources/subscribe", "Write the URIs in `resources`."],
      ["resources/unsubscribe", "Write the URIs in `resources`."],
      ["completion/complete", "For completions, write the names in `prompts` and `resources`."],
    ].map(([method = "", hint]) => ({
      name: `an entry for ${method} among the methods`,
      file: fileWithMcp({ methods: { [method]: ANY } }),
      expected: `${AT}.mcp.methods["${method}"]: An entry for \`${method}\` decides nothing: the name in the message decides it. ${hint}`,
    })),
    {
      name: "a URI that is not in normal form",
      file: fileWithMcp({ resources: { "Orders://1": READ } }),
      expected: `${AT}.mcp.resources["Orders://1"]: This is not a URI in normal form. ${NOT_NORMAL}`,
    },
    {
      name: "a beginning of no such URI",
      file: fileWithMcp({ resources: { "orders://a/../*": READ } }),
      expected: `${AT}.mcp.resources["orders://a/../*"]: No URI in normal form begins like this. ${NOT_NORMAL}`,
    },
    {
      name: "a name with a direction mark",
      file: fileWithMcp({ tools: { "get\u202eorder": READ } }),
      expected: `${AT}.mcp.tools["get\u202eorder"]: The name contains the control character \`\\u{202e}\`. Remove it: it can make terminals and reviews show something else.`,
    },
    {
      name: "an empty name",
      file: fileWithMcp({ tools: { "": READ } }),
      expected: `${AT}.mcp.tools[""]: This is empty. Write at least one character.`,
    },
    {
      name: "every origin",
      file: fileWithMcp({ origins: ["*"] }),
      expected: `${AT}.mcp.origins[0]: The pages of every site could send messages. List the origins, for example https://app.example.`,
    },
    {
      name: "an origin with a path",
      file: fileWithMcp({ origins: ["https://app.example/"] }),
      expected: `${AT}.mcp.origins[0]: This is not an origin as browsers send it. For example: https://shop.example.`,
    },
    {
      name: "an empty list of origins",
      file: fileWithMcp({ origins: [] }),
      expected: `${AT}.mcp.origins: This is empty. List at least one.`,
    },
    {
      name: "a message limit that is too low",
      file: fileWithMcp({ maxBodyBytes: MIN_MCP_BODY_BYTES - 1 }),
      expected: `${AT}.mcp.maxBodyBytes: 1023 is too small. The minimum is 1024.`,
    },
    {
      name: "a message limit that is too high",
      file: fileWithMcp({ maxBodyBytes: MAX_MCP_BODY_BYTES + 1 }),
      expected: `${AT}.mcp.maxBodyBytes: 4194305 is too large. The maximum is 4194304.`,
    },
    {
      name: "a misspelt table",
      file: fileWithMcp({ tool: {} }),
      expected: `${AT}.mcp.tool: This member is unknown. Did you mean \`tools\`?`,
    },
    {
      name: "a route whose `mcp` is misspelt",
      file: policyFileWith({
        routes: [{ path: "/mcp", methods: ["POST"], authenticated: true, upstream: "orders", mpc: MCP }],
      }),
      expected: `${AT}.mpc: This member is unknown. Did you mean \`mcp\`?`,
    },
    {
      name: "no object",
      file: fileWith({ mcp: true }),
      expected: `${AT}.mcp: Found true. Write an object.`,
    },
    {
      name: "a table that is a list",
      file: fileWithMcp({ tools: ["get_order"] }),
      expected: `${AT}.mcp.tools: Found an array. Write an object.`,
    },
    {
      name: "a token without an issuer",
      file: fileWith({}, { issuers: {} }),
      expected:
        "$.issuers: routes[0] needs a token, but there is no issuer. Add an issuer: without one, no token is valid.",
    },
  ])("$name", ({ file, expected }) => {
    expect(faultsOf(file)).toEqual([expected]);
  });

  it.each([
    { name: "POST", methods: ["POST"], streams: undefined, expected: true },
    { name: "GET, where streams are served", methods: ["GET"], streams: ANY, expected: true },
    { name: "GET, where none are", methods: ["GET"], streams: undefined, expected: false },
  ])("a second route on the path for $name: $expected", ({ methods, streams, expected }) => {
    const [method] = methods;
    const other = { path: "/mcp", methods, authenticated: true, upstream: "orders" };
    const mcp = { ...MCP, ...(streams && { streams }) };
    expect(faultsOf(policyFileWith({ routes: [other, { ...ROUTE, mcp }] }))).toEqual(
      expected
        ? [`$.routes[1].mcp: \`${method} /mcp\` is also served by routes[0] (\`/mcp\`). Remove one of them.`]
        : [],
    );
  });

  it("nothing at the bounds of the limit", () => {
    for (const maxBodyBytes of [MIN_MCP_BODY_BYTES, MAX_MCP_BODY_BYTES]) {
      expect(faultsOf(fileWithMcp({ maxBodyBytes }))).toEqual([]);
    }
  });
});

describe("the protected resource of an MCP route", () => {
  const resourceAt = (path: string, { resources }: Policy) => resources.get(path);
  const read = { path: "/orders", methods: ["GET"], ...READ, upstream: "orders" };

  it("is its path, with all scopes that its messages mention and nothing of other routes", () => {
    const policy = compiled(policyFileWith({ routes: [read, { ...ROUTE, mcp: { ...MCP, name: "Tools" } }] }));
    expect(resourceAt("/mcp", policy)).toEqual({
      path: "/mcp",
      name: "Tools",
      scopes: ["https://api.example/read:orders", "https://api.example/write:orders"],
      acceptsTokens: true,
    });
    expect(resourceAt("", policy)).toMatchObject({ scopes: ["https://api.example/read:orders"] });
  });

  it("names the issuers whose tokens some message accepts", () => {
    const issuers = { main: policyFile().issuers.main, other: { issuer: "https://o.example", profile: "cognito" } };
    const tools = { a: { ...READ, issuers: ["other"] } };
    const policy = compiled(policyFileWith({ issuers, routes: [{ ...ROUTE, mcp: { tools } }] }));
    expect(resourceAt("/mcp", policy)?.issuers).toEqual(["other"]);
  });

  it("is the origin for the path `/`", () => {
    expect([...compiled(fileWith({ path: "/" })).resources.keys()]).toEqual([""]);
  });

  it.each([
    { name: "its own name", resources: {}, mcp: { name: "A" }, expected: "A" },
    { name: "the name among the resources", resources: { "/mcp": { name: "B" } }, mcp: {}, expected: "B" },
    { name: "the same name in both places", resources: { "/mcp": { name: "A" } }, mcp: { name: "A" }, expected: "A" },
    { name: "its own, if the other place has none", resources: { "/mcp": {} }, mcp: { name: "A" }, expected: "A" },
    { name: "no name", resources: {}, mcp: {}, expected: undefined },
  ])("has $name", ({ resources, mcp, expected }) => {
    const policy = compiled(fileWith({ mcp: { ...MCP, ...mcp } }, { resources }));
    expect(policy.resources.size).toBe(1);
    expect(resourceAt("/mcp", policy)?.name).toBe(expected);
  });

  it("has one name", () => {
    const mcp = { ...MCP, name: "A" };
    expect(faultsOf(fileWith({ mcp }, { resources: { "/mcp": { name: "B" } } }))).toEqual([
      "$.routes[0].mcp.name: The resource `/mcp` has the name `B` already. Keep one of the names: a resource has one.",
    ]);
    const hosts = ["a.example", "b.example"];
    const routes = hosts.map((host) => ({ ...ROUTE, hosts: [host], mcp: { ...MCP, name: host } }));
    expect(faultsOf(policyFileWith({ hosts, routes }))).toEqual([
      "$.routes[1].mcp.name: The resource `/mcp` has the name `a.example` already. Keep one of the names: a resource has one.",
    ]);
  });
});
