import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keySetFor, startLoopbackIssuer } from "../../support/cli/loopback-issuer.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const FLAGS = ["--resource-server", "https://api.example.com", "--upstream", "orders=https://orders.example.com/v1"];
/** A client that is let in; and no network. */
const CLIENT = ["--client", "web", "--offline"];
const COGNITO = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E";

async function init(name: string, ...args: string[]) {
  const policy = join(scratch.path, name);
  const run = await scopegate("init", "--policy", policy, ...args);
  return { ...run, policy };
}

describe("the policy that is written", () => {
  it.each([
    {
      name: "of a Cognito pool",
      issuer: COGNITO,
      expected: { cognito: { issuer: COGNITO, profile: "cognito", registeredClientsOnly: true } },
    },
    {
      name: "of any other issuer, whose tokens must name the resource server",
      issuer: "https://tenant.auth0.com/",
      expected: {
        main: {
          issuer: "https://tenant.auth0.com/",
          profile: "generic",
          audiences: ["https://api.example.com"],
          registeredClientsOnly: true,
        },
      },
    },
  ])("$name passes check without a word", async ({ name, issuer, expected }) => {
    const { exitCode, stdout, policy } = await init(
      `${name}.json`,
      "--issuer",
      issuer,
      ...FLAGS,
      ...CLIENT,
      "--upstream",
      "users=https://users.example",
    );
    expect(stdout).toContain("no findings");
    const file = JSON.parse(readFileSync(policy, "utf8"));
    expect(file.issuers).toEqual(expected);
    expect(file.upstreams).toEqual({
      orders: { url: "https://orders.example.com/v1" },
      users: { url: "https://users.example" },
    });
    expect(file.clients).toEqual({ web: { scopes: ["read:orders", "write:orders", "read:users", "write:users"] } });
    expect(await scopegate("check", "--policy", policy)).toMatchObject({ exitCode: 0 });
    expect(exitCode).toBe(0);
  });

  it("opens the collection of an upstream to who may read it", async () => {
    const { policy } = await init("explained.json", "--issuer", COGNITO, ...FLAGS, ...CLIENT);
    const run = await scopegate("explain", "GET", "/orders/7", "--client", "web", "--policy", policy);
    expect(run.stdout).toContain("Forwarded to orders.");
  });

  it("does not overwrite another, unless forced", async () => {
    const { policy } = await init("there.json", "--issuer", COGNITO, ...FLAGS, ...CLIENT);
    const before = readFileSync(policy, "utf8");
    const other = ["--issuer", "https://other.auth0.com/", ...FLAGS, ...CLIENT];
    expect((await init("there.json", ...other)).exitCode).toBe(2);
    expect(readFileSync(policy, "utf8")).toBe(before);
    expect((await init("there.json", ...other, "--force")).exitCode).toBe(0);
    expect(readFileSync(policy, "utf8")).not.toBe(before);
  });
});

describe("without a first client", () => {
  it("the policy lets nobody in yet, and the output says so", async () => {
    const { exitCode, stdout, policy } = await init("closed.json", "--issuer", COGNITO, ...FLAGS, "--offline");
    expect(stdout).toContain("warning no-registered-client: No client is registered");
    expect(JSON.parse(readFileSync(policy, "utf8"))).not.toHaveProperty("clients");
    expect(await scopegate("check", "--policy", policy)).toMatchObject({ exitCode: 0 });
    expect(exitCode).toBe(0);
  });
});

describe("the issuer is asked where its keys are", () => {
  const METADATA = "/realms/shop/.well-known/openid-configuration";
  const KEYS = "/realms/shop/protocol/openid-connect/certs";

  it("and the policy is written, which check --online confirms", async () => {
    await using server = await startLoopbackIssuer();
    const issuer = `${server.origin}/realms/shop`;
    server.answer(METADATA, {
      issuer,
      jwks_uri: `${server.origin}${KEYS}`,
      id_token_signing_alg_values_supported: ["RS256", "HS256"],
    });
    server.answer(KEYS, await keySetFor("RS256"));
    const run = await init("asked.json", "--issuer", issuer, ...FLAGS, "--client", "web");
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(METADATA) });
    expect(JSON.parse(readFileSync(run.policy, "utf8")).issuers.main).toEqual({
      issuer,
      profile: "generic",
      audiences: ["https://api.example.com"],
      jwksUri: `${server.origin}${KEYS}`,
      algorithms: ["RS256"],
      registeredClientsOnly: true,
    });
    expect(await scopegate("check", "--online", "--policy", run.policy)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("no findings"),
    });
  });

  it.each([
    { name: "is for another issuer", issuer: "https://other.example", keys: "RS256", says: "for another issuer" },
    { name: "leads to keys that do not fit", issuer: undefined, keys: "ES384", says: "no usable key" },
  ])("and nothing is written if its metadata $name", async ({ issuer: other, keys, says }) => {
    await using server = await startLoopbackIssuer();
    const issuer = `${server.origin}/realms/shop`;
    server.answer(METADATA, { issuer: other ?? issuer, jwks_uri: `${server.origin}${KEYS}` });
    server.answer(KEYS, await keySetFor(keys));
    const run = await init("refused.json", "--issuer", issuer, ...FLAGS, "--client", "web");
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(says) });
    expect(existsSync(run.policy)).toBe(false);
  });

  it("and its metadata tells the recipe, with placeholders for what only the issuer knows", async () => {
    await using server = await startLoopbackIssuer();
    const issuer = `${server.origin}/zitadel`;
    server.answer("/zitadel/.well-known/openid-configuration", { issuer, jwks_uri: `${issuer}/oauth/v2/keys` });
    server.answer("/zitadel/oauth/v2/keys", await keySetFor("RS256"));
    const run = await init("zitadel.json", "--issuer", issuer, ...FLAGS, "--client", "web");
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("The recipe is `zitadel`") });
    expect(run.stderr).toContain("Replace <audience>, or give --audience.");
    expect(run.stderr).toContain("Replace <group>, or give --group.");
    expect(JSON.parse(readFileSync(run.policy, "utf8")).issuers.main).toEqual({
      issuer,
      jwksUri: `${issuer}/oauth/v2/keys`,
      profile: "generic",
      audiences: ["<audience>"],
      grants: { "urn:zitadel:iam:org:project:roles": { "<group>": ["read:orders", "write:orders"] } },
      registeredClientsOnly: true,
    });
  });

  it("and --recipe chooses another recipe of the same product", async () => {
    await using server = await startLoopbackIssuer();
    const issuer = `${server.origin}/realms/shop`;
    server.answer(METADATA, { issuer, jwks_uri: `${server.origin}${KEYS}` });
    server.answer(KEYS, await keySetFor("RS256"));
    const args = ["--issuer", issuer, ...FLAGS, "--client", "web", "--recipe", "keycloak-roles", "--audience", "a/b~c"];
    const run = await init("roles.json", ...args);
    expect(run).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("use --recipe keycloak.") });
    expect(JSON.parse(readFileSync(run.policy, "utf8")).issuers.main).toMatchObject({
      audiences: ["a/b~c"],
      scopeClaim: ["scope", "/resource_access/a~1b~0c/roles"],
    });
  });

  it("and an unknown issuer needs --jwks-uri if it does not answer", async () => {
    await using server = await startLoopbackIssuer();
    const args = ["--issuer", `${server.origin}/unknown`, ...FLAGS, "--client", "web"];
    const refused = await init("unknown.json", ...args);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--jwks-uri") });
    expect(existsSync(refused.policy)).toBe(false);
    const given = await init("unknown.json", ...args, "--jwks-uri", "https://keys.example/jwks");
    expect(given).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(readFileSync(given.policy, "utf8")).issuers.main.jwksUri).toBe("https://keys.example/jwks");
  });
});

it.each([
  {
    name: "an issuer that is no URL",
    args: ["--issuer", "cognito", ...FLAGS],
    says: "--issuer: This is not an absolute URL.",
  },
  {
    name: "an issuer over http",
    args: ["--issuer", "http://issuer.example", ...FLAGS],
    says: "--issuer: The URL is neither https",
  },
  {
    name: "an upstream without a name",
    args: ["--issuer", COGNITO, ...FLAGS.slice(0, 2), "--upstream", "https://x.example"],
    says: "is not name=url",
  },
  {
    name: "two upstreams of one name",
    args: ["--issuer", COGNITO, ...FLAGS, "--upstream", "orders=https://x.example"],
    says: "There are two upstreams `orders`.",
  },
  {
    name: "a resource server with a space",
    args: ["--issuer", COGNITO, "--resource-server", "a b", ...FLAGS.slice(2)],
    says: "Write it without spaces",
  },
  {
    name: "an issuer that stands for any tenant",
    args: ["--issuer", "https://login.microsoftonline.com/common/v2.0", ...FLAGS],
    says: "--issuer: Tokens of Entra ID name a tenant by its id",
  },
  {
    name: "a recipe of another product",
    args: ["--issuer", COGNITO, ...FLAGS, ...CLIENT, "--recipe", "okta"],
    says: "--recipe: okta is for Okta, but the issuer is one of Cognito.",
  },
  {
    name: "a group that would grant nothing",
    args: ["--issuer", COGNITO, ...FLAGS, ...CLIENT, "--group", "staff"],
    says: "--group: The recipe maps no groups",
  },
  {
    name: "a tenant of an issuer that has none",
    args: ["--issuer", COGNITO, ...FLAGS, ...CLIENT, "--tenant", "11111111-2222-3333-4444-555555555555"],
    says: "--tenant: Only addresses of Entra ID stand for several tenants.",
  },
  {
    name: "an address of keys over http",
    args: ["--issuer", COGNITO, ...FLAGS, "--jwks-uri", "http://keys.example"],
    says: "--jwks-uri: The URL is neither https",
  },
  { name: "what is missing, where nobody can be asked", args: FLAGS, says: "Missing: --issuer." },
])("says of $name, and writes nothing", async ({ args, says }) => {
  const { exitCode, stderr, policy } = await init("not-written.json", ...args);
  expect(stderr).toContain(says);
  expect(exitCode).toBe(2);
  expect(() => readFileSync(policy)).toThrow();
});
