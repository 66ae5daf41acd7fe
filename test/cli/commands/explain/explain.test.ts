import { describe, expect, it } from "vitest";
import { createExplainWorld } from "../../../support/cli/explain-world.ts";
import { exampleFile, scopegate } from "../../../support/cli/run-scopegate.ts";

const API = "https://api.myecommerce.com";

const { explain, policy, scratch } = await createExplainWorld();

it("says that only the path with its slash has a route", async () => {
  const example = exampleFile();
  const [route] = example.routes;
  const file = scratch.write("slashes.json", { ...example, routes: [{ ...route, path: "/stock/" }] });
  const { stdout } = await scopegate("explain", "GET", "/stock", "--policy", file);
  expect(stdout).toContain("Hint: `/stock/` has a route. A trailing slash makes it another path.");
  const other = await scopegate("explain", "GET", "/stock/", "--policy", file);
  expect(other.stdout).toContain("/stock/");
  expect(other.stdout).not.toContain("route-unknown");
});

it("says which host a route serves on, and that its routes go first", async () => {
  const example = exampleFile();
  const [route] = example.routes;
  const hosts = ["api.example", "admin.example"];
  const onAdmin = { path: "/stock/*", methods: ["GET"], public: true, upstream: "orders", hosts: ["admin.example"] };
  const routes = [{ ...route, path: "/stock/all" }, onAdmin, { ...onAdmin, path: "/keys" }];
  const file = scratch.write("hosts.json", { ...example, hosts, routes });
  const { stdout } = await scopegate("explain", "GET", "https://admin.example/stock/all", "--policy", file);
  expect(stdout).toContain("GET /stock/* on admin.example");
  expect(stdout).toContain(
    "not /stock/all: It names no host, and a route that names the host of the request goes first.",
  );
  const other = await scopegate("explain", "GET", "/keys", "--host", "api.example", "--policy", file);
  expect(other.stdout).toContain("Hint: This path has a route on `admin.example`.");
});

describe("each of the six stages", () => {
  it.each([
    {
      name: "refuses an ambiguous path",
      request: "GET /orders//7",
      args: [],
      outcomes: ["refused", "not reached", "not reached", "not reached", "not reached", "not reached"],
      says: ["The path contains an empty segment.", "Refused: 400 path-ambiguous."],
    },
    {
      name: "refuses an unknown path, and says what was meant",
      request: "GET /orders/",
      args: [],
      outcomes: ["passed", "refused", "not reached", "not reached", "not reached", "not reached"],
      says: ["Refused: 404 route-unknown.", "Hint: `/orders` has a route. A trailing slash makes it another path."],
    },
    {
      name: "refuses a method that the path lacks",
      request: "PURGE /orders",
      args: [],
      outcomes: ["passed", "refused", "not reached", "not reached", "not reached", "not reached"],
      says: ["Refused: 405 method-not-allowed.", "allow: GET, HEAD, POST"],
    },
    {
      name: "refuses who has no token, and says what it would have taken",
      request: "GET /orders",
      args: [],
      outcomes: ["passed", "passed", "refused", "not reached", "not reached", "not reached"],
      says: ["Refused: 401 credentials-missing.", `${API}/read:orders (available to admin, customer)`],
    },
    {
      name: "refuses who lacks a scope, and says who holds it",
      request: "POST /orders",
      args: ["--client", "customer"],
      outcomes: ["passed", "passed", "passed", "refused", "not reached", "not reached"],
      says: [
        "Refused: 403 scope-insufficient.",
        `missing ${API}/write:orders`,
        `${API}/write:orders (available to admin)`,
      ],
    },
    {
      name: "lets through who holds it, and shows what the upstream gets",
      request: "GET /products/7?page=2",
      args: ["--scope", "read:products", "write:orders"],
      outcomes: ["passed", "passed", "passed", "passed", "passed", "passed"],
      says: [
        `met     ${API}/read:products`,
        `x-auth-scopes: ${API}/read:products ${API}/write:orders`,
        "x-auth-subject: (sub of the token)",
        "to products: https://products.example/v1/products/7?page=2",
      ],
    },
    {
      name: "needs no token on a public route, which wins over a looser one",
      request: "GET /products/healthz",
      args: [],
      outcomes: ["passed", "passed", "not needed", "not needed", "passed", "passed"],
      says: [
        "not /products/:id: Its segment 2 is a `:name`, and a literal is more specific.",
        "Forwarded to products.",
      ],
    },
    {
      name: "plays no part on the gateway's own paths",
      request: "GET /_gateway/health",
      args: [],
      outcomes: ["passed", "not needed", "not needed", "not needed", "not needed", "not needed"],
      says: ["Answered by the gateway itself."],
    },
  ])("$name", async ({ request, args, outcomes, says }) => {
    const { exitCode, text, stages } = await explain(request, ...args);
    expect(stages.map((line) => line.replace(/^\d \w+ +/, ""))).toEqual(outcomes);
    for (const said of says) expect(text).toContain(said);
    expect(exitCode).toBe(outcomes.includes("refused") ? 1 : 0);
  });

  it("folds dot segments and unescapes as the gateway does", async () => {
    const { text } = await explain("GET /products/../%6frders/7", "--client", "customer");
    expect(text).toContain("1 canonicalize  passed       /orders/7");
  });

  it("names the place of the route in the file", async () => {
    expect((await explain("GET /orders", "--client", "customer")).text).toMatch(
      /GET \/orders \(\S+policy\.json:\d+:5\)/,
    );
  });
});

it.each(["patch", "Patch", "propfind"])("refuses %s with 405, even where a route has `*`", async (method) => {
  const routes = [{ path: "/any", methods: ["*"], public: true, upstream: "orders" }];
  const file = scratch.write("any.json", exampleFile({ routes }));
  const { exitCode, stdout } = await scopegate("explain", method, "/any", "--policy", file);
  expect(stdout).toContain("405 method-not-allowed");
  expect(exitCode).toBe(1);
  expect((await scopegate("explain", method.toUpperCase(), "/any", "--policy", file)).exitCode).toBe(0);
});

describe("scopes", () => {
  it.each([
    { name: "several after one option", args: ["--scope", "read:products", "read:orders"] },
    { name: "several options", args: ["--scope", "read:products", "--scope", "read:orders"] },
    { name: "one quoted list", args: ["--scope", "read:products read:orders"] },
    {
      name: "with an equals sign, and full names",
      args: [`--scope=${API}/read:products`, `--scope=${API}/read:orders`],
    },
  ])("may be given as $name", async ({ args }) => {
    expect((await explain("GET /orders", ...args)).text).toContain(`granted: ${API}/read:products ${API}/read:orders`);
  });

  it("that are not declared grant nothing, and say so", async () => {
    const { exitCode, text } = await explain("GET /orders", "--scope", "rea:orders");
    expect(text).toContain(
      "`rea:orders` grants nothing. The scope `rea:orders` is not declared. Did you mean `read:orders`?",
    );
    expect(exitCode).toBe(1);
  });

  it("whose short name is ambiguous grant nothing, and say which full names there are", async () => {
    const read = { scopes: { "read:orders": "" } };
    const two = scratch.write(
      "two.json",
      exampleFile({
        resourceServers: { shop: read, bank: read },
        clients: {},
        routes: [{ path: "/orders", methods: ["GET"], scopes: ["shop/read:orders"], upstream: "orders" }],
      }),
    );
    const run = async (scope: string) =>
      await scopegate("explain", "GET", "/orders", "--policy", two, "--scope", scope);
    const ambiguous = await run("read:orders");
    expect(ambiguous.stdout).toContain(
      "`read:orders` grants nothing. 2 resource servers declare the scope `read:orders`. " +
        "Write the full name, one of `shop/read:orders`, `bank/read:orders`.",
    );
    expect(ambiguous.exitCode).toBe(1);
    expect((await run("shop/read:orders")).exitCode).toBe(0);
  });

  it("beyond a client's own are pointed out", async () => {
    const { text } = await explain("POST /orders", "--client", "customer", "--scope", "write:orders");
    expect(text).toContain(`\`customer\` is not registered for ${API}/write:orders.`);
  });
});

it.each([
  { name: "a user and a password", url: "http://user:secret@h.example/orders" },
  { name: "a user only", url: "https://user@h.example/orders" },
  { name: "a password only", url: "https://:secret@h.example/orders" },
])("a URL that holds $name is a usage error, and is not repeated", async ({ url }) => {
  const { exitCode, stdout, stderr } = await scopegate("explain", "GET", url, "--policy", policy);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^The URL contains a user name or password\. .*\n$/);
  expect(stderr).not.toContain("secret");
});

describe("empty input is a usage error", () => {
  it.each([
    { name: "a token", args: ["GET", "/orders", "--token", " "], says: "The token is empty." },
    { name: "a token after its scheme", args: ["GET", "/orders", "--token", "Bearer "], says: "The token is empty." },
    { name: "a token from a pipe", args: ["GET", "/orders", "--token-file"], says: "The token is empty." },
    { name: "a path", args: ["GET", ""], says: "The path is empty. Write / for the root." },
    { name: "a method", args: ["", "/orders"], says: "The method is empty." },
    { name: "a scope", args: ["GET", "/orders", "--scope", " , "], says: "--scope names no scope." },
    {
      name: "a client",
      args: ["GET", "/orders", "--client", ""],
      says: "explain: --client needs a value. See --help.",
    },
  ])("$name", async ({ args, says }) => {
    const file = args.at(-1) === "--token-file" ? [scratch.write("empty", "\n")] : [];
    const { exitCode, stdout, stderr } = await scopegate("explain", ...args, ...file, "--policy", policy);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(says);
  });

  it("but not the shortest path and a token of one character", async () => {
    const { exitCode, stdout } = await scopegate("explain", "GET", "/", "--token", "x", "--policy", policy);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Refused: 404 route-unknown.");
  });
});

it("prints the whole explanation as JSON", async () => {
  const { text } = await explain("POST /orders", "--client", "customer", "--json");
  expect(JSON.parse(text)).toMatchObject({
    request: { method: "POST", canonicalPath: "/orders" },
    caller: { granted: [`${API}/read:products`, `${API}/read:orders`] },
    outcome: "refused",
    refusedAt: "authorize",
    refusal: { status: 403, reason: "scope-insufficient" },
    route: { path: "/orders", methods: ["POST"], index: 5 },
    patterns: [{ pattern: "/orders", methods: "GET, HEAD, POST" }],
    requirement: {
      kind: "scopes",
      outcome: { kind: "anyOf", met: false, of: [{ name: `${API}/write:orders`, met: false }] },
      sufficient: [{ scopes: [`${API}/write:orders`], missing: [`${API}/write:orders`], clients: ["admin"] }],
    },
  });
});
