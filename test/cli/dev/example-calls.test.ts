import { describe, expect, it } from "vitest";
import { exampleCalls } from "../../../src/cli/dev/example-calls.ts";
import { askedMessageText } from "../../../src/explain/message/asked-message.ts";
import { NO_REAL_ADDRESSES, type RealAddresses } from "../../../src/local/plan/stack-source.ts";
import { planFor } from "../../../src/local/stack-workers.ts";
import { exampleFile } from "../../support/cli/run-scopegate.ts";
import { MCP_POLICY, projectFile } from "../../support/project/project-files.ts";

const ORIGIN = "http://127.0.0.1:8787";
const GENERIC = { issuer: "https://id.example/", profile: "generic", audiences: ["api"] };
const [orders] = ["orders"];

async function example(file: unknown, real: RealAddresses = NO_REAL_ADDRESSES) {
  const config: unknown = JSON.parse(JSON.stringify(file));
  const plan = planFor({ source: { config, vars: {} }, real }, { gateway: ORIGIN });
  const { token, calls } = await exampleCalls(plan, ORIGIN, Date.now());
  const shown = calls.map(({ method, path, message, host, hasToken, outcome }) =>
    [
      method,
      path,
      ...(message ? [askedMessageText(message)] : []),
      ...(host === undefined ? [] : [`at ${host}`]),
      hasToken ? "token" : "none",
      outcome,
    ].join(" "),
  );
  return { token, calls: shown };
}

describe("exampleCalls", () => {
  it.each([
    {
      name: "takes the first client with a call that is forwarded and one that is refused",
      input: exampleFile(),
      expected: {
        token: { client: "customer", scopes: undefined, issuer: undefined },
        calls: ["GET /products token forwarded", "POST /products token 403 scope-insufficient"],
      },
    },
    {
      name: "shows a call that a route would refuse and only reports, until its last day",
      input: exampleFile({
        guarantees: [],
        routes: exampleFile().routes.map((route) =>
          route.public ? route : { ...route, report: { until: "2099-12-31" } },
        ),
      }),
      expected: {
        token: { client: "customer", scopes: undefined, issuer: undefined },
        calls: [
          "GET /products token forwarded",
          "POST /products token forwarded, would be refused: scope-insufficient",
        ],
      },
    },
    {
      name: "shows that a route refuses after its last day",
      input: exampleFile({
        guarantees: [],
        routes: exampleFile().routes.map((route) =>
          route.public ? route : { ...route, report: { until: "2020-12-31" } },
        ),
      }),
      expected: {
        token: { client: "customer", scopes: undefined, issuer: undefined },
        calls: ["GET /products token forwarded", "POST /products token 403 scope-insufficient"],
      },
    },
    {
      name: "takes a message where no other call of the client is forwarded",
      input: exampleFile({
        guarantees: [],
        routes: [
          {
            path: "/mcp",
            upstream: orders,
            mcp: { tools: { get: { authenticated: true } }, streams: { authenticated: true } },
          },
          { path: "/orders", methods: ["POST"], scopes: ["write:orders"], upstream: orders },
        ],
      }),
      expected: {
        token: { client: "customer", scopes: undefined, issuer: undefined },
        calls: ["POST /mcp tools/call get token forwarded", "POST /orders token 403 scope-insufficient"],
      },
    },
    {
      name: "takes messages where the routes decide those",
      input: JSON.parse(projectFile(MCP_POLICY)),
      expected: {
        token: { client: "customer", scopes: undefined, issuer: undefined },
        calls: [
          "POST /mcp tools/list token forwarded",
          "POST /mcp tools/call create_order token 403 scope-insufficient",
        ],
      },
    },
    {
      name: "names scopes for a client of its own where none is registered",
      input: exampleFile({ issuers: { main: GENERIC }, clients: {} }),
      expected: {
        token: { client: "local", scopes: "read:products", issuer: undefined },
        calls: ["GET /products token forwarded", "GET /orders token 403 scope-insufficient"],
      },
    },
    {
      name: "names the issuer where there are several",
      input: exampleFile({
        issuers: { main: GENERIC, other: { ...GENERIC, issuer: "https://other.example" } },
        clients: { app: { issuer: "other", scopes: ["read:orders"] } },
      }),
      expected: {
        token: { client: "app", scopes: undefined, issuer: "other" },
        calls: ["GET /orders token forwarded", "GET /products token 403 scope-insufficient"],
      },
    },
    {
      name: "names scopes that the issuer may grant, of routes that accept it",
      input: exampleFile({
        issuers: { main: GENERIC, other: { ...GENERIC, issuer: "https://other.example" } },
        resourceServers: {
          "https://a.example": { name: "A", issuers: ["other"], scopes: { a: "A" } },
          "https://b.example": { name: "B", issuers: ["main"], scopes: { b: "B" } },
          "https://c.example": { name: "C", scopes: { c: "C" } },
        },
        clients: {},
        guarantees: [],
        routes: [
          { path: "/c", methods: ["GET"], scopes: ["c"], issuers: ["other"], upstream: orders },
          { path: "/ab", methods: ["GET"], scopes: ["a", { allOf: ["b", "c"] }], upstream: orders },
        ],
      }),
      expected: {
        token: { client: "local", scopes: "b c", issuer: "main" },
        calls: ["GET /ab token forwarded", "GET /c token 401 issuer-not-accepted"],
      },
    },
    {
      name: "calls without a token if the only scope is granted to all",
      input: exampleFile({
        clients: { app: { scopes: ["read:orders"] } },
        routes: [{ path: "/orders/:id", methods: ["GET"], scopes: ["read:orders"], upstream: orders }],
      }),
      expected: {
        token: { client: "app", scopes: undefined, issuer: undefined },
        calls: ["GET /orders/1 token forwarded", "GET /orders/1 none 401 credentials-missing"],
      },
    },
    {
      name: "needs no token where nothing does",
      input: exampleFile({
        issuers: undefined,
        clients: undefined,
        routes: [{ path: "/files/*", methods: ["*"], public: true, upstream: orders }],
      }),
      expected: { token: undefined, calls: ["GET /files/1 none forwarded"] },
    },
    {
      name: "leaves out a path that a more specific route takes",
      input: exampleFile({
        clients: { app: { scopes: ["read:orders"] } },
        routes: [
          { path: "/orders/:id", methods: ["GET"], scopes: ["read:orders"], upstream: orders },
          { path: "/orders/1", methods: ["GET"], scopes: ["write:orders"], upstream: orders },
        ],
      }),
      expected: { token: undefined, calls: ["GET /orders/1 none 401 credentials-missing"] },
    },
    {
      name: "names a host where the gateway does not serve its local address",
      input: exampleFile({ hosts: ["api.shop.example"] }),
      expected: {
        token: { client: "customer", scopes: undefined, issuer: undefined },
        calls: [
          "GET /products at api.shop.example token forwarded",
          "POST /products at api.shop.example token 403 scope-insufficient",
        ],
      },
    },
  ])("$name", async ({ input, expected }) => {
    expect(await example(input)).toEqual(expected);
  });

  it("has no token of a real issuer", async () => {
    const found = await example(exampleFile(), { issuers: { cognito: "https://real.example" }, upstreams: {} });
    expect(found.token).toBeUndefined();
    expect(found.calls).toContain("GET /products none 401 credentials-missing");
  });
});
