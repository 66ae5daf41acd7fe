import { beforeAll, describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { startIssuer } from "../../support/e2e/test-issuer.ts";
import {
  accessClaims,
  type Claims,
  createSigningKey,
  type SigningKey,
  signClaims,
} from "../../support/token/signing-key.ts";

const ISSUER = "https://issuer.example/pool";
const API = "https://api.myecommerce.com";

const scratch = scratchDirectory();
const policy = scratch.write("policy.json", exampleFile());
let key: SigningKey;
let jwks: string;

beforeAll(async () => {
  key = await createSigningKey("key-1");
  jwks = scratch.write("jwks.json", { keys: [key.publicJwk] });
});

/** The lines of what is printed, without the first column of what is explained. */
async function explain(request: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await scopegate("explain", ...request.split(" "), "--policy", policy, ...args);
  expect(stderr).toBe("");
  return { exitCode, text: stdout, stages: stdout.match(/^\d \w+ +(?:passed|refused|not needed|not reached)/gm) ?? [] };
}

function tokenFile(name: string, claims: Claims, header: Claims = {}, signer = key): Promise<string> {
  return signClaims(signer, accessClaims(ISSUER, claims), header).then((token) => scratch.write(name, `${token}\n`));
}

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

  it("beyond a client's own are pointed out", async () => {
    const { text } = await explain("POST /orders", "--client", "customer", "--scope", "write:orders");
    expect(text).toContain(`\`customer\` is not registered for ${API}/write:orders.`);
  });
});

describe("what a client is not registered for", () => {
  const cognito = exampleFile().issuers.cognito;
  const short = { ...cognito, profile: "generic", audiences: ["https://orders.example"] };
  const write = `\`customer\` is not registered for ${API}/write:orders.`;
  const withheld = `Note: ${write} Its registration withholds it: the issuer \`cognito\` has \`registeredClientsOnly\` on.`;
  const accepted = `Note: ${write} The gateway accepts it anyway: the issuer \`cognito\` has \`registeredClientsOnly\` off.`;
  const never = "Hint: No token of `customer` would be let in: its registration does not have the scopes (`clients`).";
  const another =
    "Hint: A token of `customer` that has the scopes would be let in, although its registration does not: " +
    "the issuer `cognito` has `registeredClientsOnly` off.";

  it.each([
    {
      name: "is withheld from an assumed token where registrations are enforced",
      issuer: { ...cognito, registeredClientsOnly: true },
      args: ["--client", "customer", "--scope", "write:orders"],
      says: [withheld, never],
      isRefused: true,
    },
    {
      name: "is said to be accepted where they are not",
      issuer: cognito,
      args: ["--client", "customer", "--scope", "write:orders"],
      says: [accepted],
      isRefused: false,
    },
    {
      name: "is no part of an assumed token without --scope, and no other token would have it",
      issuer: { ...cognito, registeredClientsOnly: true },
      args: ["--client", "customer"],
      says: [never],
      isRefused: true,
    },
    {
      name: "is no part of an assumed token without --scope, but another token may have it",
      issuer: cognito,
      args: ["--client", "customer"],
      says: [another],
      isRefused: true,
    },
    {
      name: "is withheld from a token",
      issuer: { ...cognito, registeredClientsOnly: true },
      claims: { scope: `${API}/read:orders ${API}/write:orders` },
      says: [withheld, never],
      isRefused: true,
    },
    {
      name: "is withheld from a token with short names",
      issuer: { ...short, registeredClientsOnly: true },
      claims: { scope: "write:orders", aud: "https://orders.example" },
      says: [withheld, never],
      isRefused: true,
    },
    {
      name: "is said to be accepted in a token",
      issuer: cognito,
      claims: { scope: `${API}/write:orders` },
      says: [accepted],
      isRefused: false,
    },
    {
      name: "does not matter to a client that is not registered at all",
      issuer: cognito,
      claims: { scope: "", client_id: "stranger" },
      says: [],
      isRefused: true,
    },
    {
      name: "does not matter where the registration would be enough",
      issuer: { ...cognito, registeredClientsOnly: true },
      claims: { scope: "", client_id: "admin" },
      says: [],
      isRefused: true,
    },
  ])("$name", async ({ issuer, args, claims, says, isRefused }) => {
    const file = scratch.write("registered.json", exampleFile({ issuers: { cognito: issuer } }));
    const token = claims && ["--token-file", await tokenFile("registered", { client_id: "customer", ...claims })];
    const { exitCode, stdout } = await scopegate(
      "explain",
      "POST",
      "/orders",
      "--policy",
      file,
      ...(token ?? args ?? []),
    );
    expect(stdout.split("\n").filter((line) => /^(?:Note|Hint):/.test(line))).toEqual(says);
    expect(exitCode).toBe(isRefused ? 1 : 0);
  });
});

describe("an assumed token of an issuer that takes some clients only", () => {
  const cognito = exampleFile().issuers.cognito;
  const any = { ...cognito, issuer: "https://other.example" };
  const admitted = "Forwarded to orders.";
  const refused = "Refused: 401 client-mismatch.";
  const hint = "say with --client which one calls";
  const customer = ["--client", "customer"];
  const scope = ["--scope", "read:orders"];

  it.each([
    {
      name: "is taken if it is of one in `audiences`",
      issuers: { cognito: { ...cognito, audiences: ["customer"] } },
      args: customer,
      says: [admitted],
    },
    {
      name: "is refused if it is of another",
      issuers: { cognito: { ...cognito, audiences: ["admin"] } },
      args: customer,
      says: [refused, "its `client_id` is not in `audiences`"],
    },
    {
      name: "is refused if nobody says whose it is, where there are `audiences`",
      issuers: { cognito: { ...cognito, audiences: ["admin"] } },
      args: scope,
      says: [refused, hint],
    },
    {
      name: "is taken if it is of a registered one",
      issuers: { cognito: { ...cognito, registeredClientsOnly: true } },
      args: customer,
      says: [admitted],
    },
    {
      name: "is refused if nobody says whose it is, where clients must be registered",
      issuers: { cognito: { ...cognito, registeredClientsOnly: true } },
      args: scope,
      says: [refused, "The client is not registered.", hint],
    },
    {
      name: "is taken for that of the first issuer that takes it, where it is of no registered one",
      issuers: { cognito: { ...cognito, audiences: ["admin"] }, any },
      args: scope,
      says: [admitted, "The token is assumed to come from `any`."],
    },
    {
      name: "is taken for that of the issuer that registers the client",
      issuers: { cognito, any },
      args: customer,
      says: [admitted, "The token is assumed to come from `any`.", "x-auth-client-id: customer-7"],
    },
    {
      name: "is refused if the client's own issuer refuses it, although another would not",
      issuers: { cognito, any: { ...any, audiences: ["admin"] } },
      args: customer,
      says: [refused, "The token is assumed to come from `any`."],
    },
    {
      name: "is taken with an audience of its issuer, where audiences are no clients",
      issuers: { main: { ...cognito, profile: "rfc9068", audiences: ["https://api.example", "b"] } },
      args: customer,
      says: [admitted, "x-auth-subject: (sub of the token)", "x-auth-client-id: customer"],
    },
    {
      name: "is taken without a client, where any is",
      issuers: { main: { ...cognito, profile: "rfc9068", audiences: ["https://api.example"] } },
      args: scope,
      says: [admitted, "x-auth-client-id: (the client of the token)"],
    },
    {
      name: "is taken from any other issuer too",
      issuers: { main: { ...cognito, profile: "generic", audiences: ["https://api.example"] } },
      args: scope,
      says: [admitted],
    },
  ])("$name", async ({ issuers, args, says }) => {
    const isShared = Object.hasOwn(issuers, "any");
    const clients = { customer: { id: "customer-7", issuer: "any", scopes: ["read:orders"] } };
    const file = scratch.write("issuers.json", exampleFile({ issuers, ...(isShared && { clients }) }));
    const { exitCode, stdout } = await scopegate("explain", "GET", "/orders", "--policy", file, ...args);
    for (const said of says) expect(stdout).toContain(said);
    expect(exitCode).toBe(says.includes(admitted) ? 0 : 1);
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
    { name: "a path", args: ["GET", ""], says: "The path is empty: write / for the root." },
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

describe("a token", () => {
  const GRANTING = { client_id: "customer", scope: `${API}/read:orders` };

  it("is not verified without a key set, and the output says so", async () => {
    const { exitCode, text } = await explain("GET /orders", "--token-file", await tokenFile("plain", GRANTING));
    expect(text).toContain("The signature was NOT verified");
    expect(text).toContain("Forwarded to orders, if the token's signature is valid.");
    expect(text).toContain("x-auth-subject: user-1");
    expect(exitCode).toBe(0);
  });

  it("is verified with the key set of a file", async () => {
    const { exitCode, text } = await explain(
      "GET /orders",
      "--token-file",
      await tokenFile("good", GRANTING),
      "--jwks",
      jwks,
    );
    expect(text).toContain("The signature was verified.");
    expect(text).not.toContain("NOT");
    expect(exitCode).toBe(0);
  });

  it("is verified with the key set of an address", async () => {
    const issuer = await startIssuer();
    try {
      const token = await signClaims(issuer.keys[0] ?? key, accessClaims(ISSUER, GRANTING));
      const { exitCode, text } = await explain("GET /orders", "--token", token, "--jwks", `${issuer.url}/jwks.json`);
      expect(text).toContain("The signature was verified.");
      expect([exitCode, issuer.requests]).toEqual([0, 1]);
    } finally {
      await issuer.stop();
    }
  });

  it("of another key is refused", async () => {
    const forged = await tokenFile("forged", GRANTING, {}, await createSigningKey("key-1"));
    const { exitCode, text } = await explain("GET /orders", "--token-file", forged, "--jwks", jwks);
    expect(text).toContain("Refused: 401 signature-invalid.");
    expect(exitCode).toBe(1);
  });

  it.each([
    { name: "that has expired", claims: { exp: 1 }, header: {}, says: "401 token-expired" },
    {
      name: "of another issuer",
      claims: { iss: `${ISSUER}/` },
      header: {},
      says: "They differ in a trailing slash only",
    },
    { name: "that is an ID token", claims: { token_use: "id" }, header: {}, says: "Hint: This is an ID token" },
    { name: "without a client", claims: { client_id: undefined }, header: {}, says: "401 claim-missing" },
    { name: "without a kid", claims: {}, header: { kid: undefined }, says: "401 key-unknown" },
    {
      name: "from a sign-in by Cognito's API",
      claims: { scope: "aws.cognito.signin.user.admin" },
      header: {},
      says: "it comes from a sign-in by Cognito's API",
    },
    {
      name: "with short names",
      claims: { scope: "read:orders" },
      header: {},
      says: "The token has short names (read:orders)",
    },
    { name: "without scopes", claims: { scope: undefined }, header: {}, says: "The token has no claim `scope`" },
  ])("$name is refused for the same reason with and without its signature", async ({ claims, header, says }) => {
    const file = await tokenFile("refused", { ...GRANTING, ...claims }, header);
    const unverified = await explain("GET /orders", "--token-file", file);
    const verified = await explain("GET /orders", "--token-file", file, "--jwks", jwks);
    expect(unverified.text).toContain(says);
    expect(verified.text).toContain(says);
    expect([unverified.exitCode, verified.exitCode]).toEqual([1, 1]);
  });

  const iso = (seconds: number) => `${seconds} (${new Date(seconds * 1000).toISOString()})`;
  const FAR = 4_000_000_000;
  const generic = { ...exampleFile().issuers.cognito, profile: "generic", audiences: ["https://a.example", "b"] };

  it.each([
    {
      name: "an `exp` that is over",
      claims: { exp: 1000, iat: 500 },
      says: `\`exp\` ${iso(1000)}, \`iat\` ${iso(500)}. `,
    },
    {
      name: "an `nbf` to come",
      claims: { nbf: FAR, exp: FAR, iat: 0 },
      says: `\`nbf\` ${iso(FAR)}, \`iat\` ${iso(0)}. `,
    },
    { name: "an `iat` to come", claims: { iat: FAR, exp: FAR }, says: `\`exp\` ${iso(FAR)}, \`iat\` ${iso(FAR)}. ` },
    { name: "a time that is no date", claims: { exp: -1e300, iat: 0 }, says: "The token has `exp` -1e+300, `iat`" },
  ])("shows $name, beside the time here", async ({ claims, says }) => {
    const file = await tokenFile("times", { ...GRANTING, ...claims });
    const { exitCode, text } = await explain("GET /orders", "--token-file", file);
    expect(text).toContain(says);
    expect(text).toMatch(/The time here is \d+ \(20.*Z\), and the issuer `cognito` tolerates a difference of 5 s\./);
    expect(exitCode).toBe(1);
  });

  it.each([
    {
      name: "an `exp` of another type",
      issuer: {},
      claims: { exp: "soon" },
      says: '`exp` is "soon". It must be a number',
    },
    { name: "an `nbf` of another type", issuer: {}, claims: { nbf: null }, says: "`nbf` is null. It must be a number" },
    {
      name: "an `aud` of another type",
      issuer: generic,
      claims: { aud: [] },
      says: "`aud` is []. It must be a string, or a list of strings.",
    },
    {
      name: "another audience",
      issuer: generic,
      claims: { aud: "c" },
      says: 'The token has the `aud` "c". The `audiences` of the issuer `cognito` are `https://a.example`, `b`.',
    },
    {
      name: "other audiences, in a bounded length",
      issuer: generic,
      claims: { aud: ["c", "d".repeat(300)] },
      says: `The token has the \`aud\` ["c","${"d".repeat(250)}... (cut off). The \`audiences\``,
    },
    {
      name: "no audience, and the client that is compared in its place",
      issuer: { audiences: ["b"] },
      claims: {},
      says: 'The token has no `aud`, and the `client_id` "customer". The `audiences` of the issuer `cognito` are `b`.',
    },
  ])("shows $name", async ({ issuer, claims, says }) => {
    const issuers = { cognito: { ...exampleFile().issuers.cognito, ...issuer } };
    const other = scratch.write("audiences.json", exampleFile({ issuers }));
    const file = await tokenFile("shown", { ...GRANTING, ...claims });
    const { exitCode, stdout } = await scopegate("explain", "GET", "/orders", "--policy", other, "--token-file", file);
    expect(stdout).toContain(says);
    expect(exitCode).toBe(1);
  });

  it("is taken as a whole header value too, and is nowhere in the output", async () => {
    const token = await signClaims(key, accessClaims(ISSUER, GRANTING));
    const { text } = await explain("GET /orders", "--token", `Bearer ${token}`, "--json");
    expect(JSON.parse(text)).toMatchObject({ outcome: "forwarded" });
    expect(text).not.toContain(token.split(".")[2]);
  });

  it.each([
    { name: "is not there", content: undefined, says: "The file cannot be read." },
    { name: "is no JSON", content: "{", says: "This is not JSON." },
    { name: "has no keys", content: {}, says: "it has no array `keys`" },
    {
      name: "has no usable key",
      content: { keys: [{ kty: "oct", k: "AAAA", kid: "x" }] },
      says: "has no key that cognito may sign with",
    },
  ])("with a key set that $name: exit code 2", async ({ content, says }) => {
    const token = await tokenFile("any", GRANTING);
    const file = content === undefined ? "none.json" : scratch.write("odd-jwks.json", content);
    const run = await scopegate("explain", "GET", "/orders", "--policy", policy, "--token-file", token, "--jwks", file);
    expect(run.stderr).toContain(says);
    expect([run.exitCode, run.stdout]).toEqual([2, ""]);
  });
});

it("says what it would have taken to hold only where no token was sent", async () => {
  const stale = await tokenFile("stale", { client_id: "customer", scope: `${API}/read:orders`, exp: 1 });
  const { text } = await explain("GET /orders", "--token-file", stale);
  expect(text).toContain("Refused: 401 token-expired.");
  expect(text).not.toContain("would be enough");
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
