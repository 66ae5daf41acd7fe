import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const API = "https://api.myecommerce.com";
const scratch = scratchDirectory();
const policy = scratch.write("policy.json", exampleFile());

describe.each(["cloudformation", "terraform"])("%s", (format) => {
  it("changes nothing when it is imported where it came from", async () => {
    const exported = await scopegate("export", "cognito", "--format", format, "--policy", policy);
    expect(exported).toMatchObject({ exitCode: 0, stderr: "" });
    const document = scratch.write("exported.json", exported.stdout);
    const imported = await scopegate("import", "cognito", document, "--policy", policy);
    expect(imported).toEqual({ exitCode: 0, stderr: "", stdout: readFileSync(policy, "utf8") });
  });

  it("gives an empty policy the same resource servers and clients", async () => {
    const exported = await scopegate("export", "cognito", "--format", format, "--policy", policy);
    const document = scratch.write("exported.json", exported.stdout);
    const imported = await scopegate("import", "cognito", document, "--policy", join(scratch.path, "none.json"));
    const { resourceServers, clients } = exampleFile();
    expect(JSON.parse(imported.stdout)).toEqual({ resourceServers, clients });
  });
});

describe("the CloudFormation template", () => {
  it("gives clients the client_credentials flow and their scopes, once their resource servers are there", async () => {
    const { stdout } = await scopegate("export", "cognito", "--format", "cloudformation", "--policy", policy);
    expect(JSON.parse(stdout)).toMatchObject({
      Resources: {
        CustomerClient: {
          DependsOn: ["ApiMyecommerceComServer"],
          Properties: {
            AllowedOAuthFlows: ["client_credentials"],
            AllowedOAuthFlowsUserPoolClient: true,
            AllowedOAuthScopes: [`${API}/read:products`, `${API}/read:orders`],
            GenerateSecret: true,
          },
        },
      },
    });
  });
});

it.each([
  { name: "100 scopes", scopes: 100, exitCode: 0 },
  { name: "101 scopes", scopes: 101, exitCode: 2 },
])("a resource server with $name", async ({ scopes, exitCode }) => {
  const declared = Object.fromEntries(Array.from({ length: scopes }, (_, index) => [`scope${index}`, ""]));
  const file = exampleFile({
    resourceServers: { ...exampleFile().resourceServers, other: { scopes: declared } },
  });
  const big = scratch.write("big.json", file);
  expect((await scopegate("export", "cognito", "--format", "terraform", "--policy", big)).exitCode).toBe(exitCode);
});

it("refuses a scope that Cognito cannot hold", async () => {
  const file = exampleFile({ resourceServers: { ...exampleFile().resourceServers, other: { scopes: { "a/b": "" } } } });
  const { exitCode, stderr } = await scopegate(
    "export",
    "cognito",
    "--format",
    "terraform",
    "--policy",
    scratch.write("slash.json", file),
  );
  expect(stderr).toBe("`a/b` cannot be a scope in Cognito.\n");
  expect(exitCode).toBe(2);
});

/** In the shape of `aws cognito-idp list-resource-servers` and `describe-user-pool-client`. */
const SERVERS = {
  ResourceServers: [
    {
      UserPoolId: "eu-central-1_A1b2C3d4E",
      Identifier: API,
      Name: "E-commerce API",
      Scopes: [
        { ScopeName: "read:orders", ScopeDescription: "Read orders" },
        { ScopeName: "write:orders", ScopeDescription: "Write orders" },
      ],
    },
  ],
};
const CLIENT = {
  UserPoolClient: {
    UserPoolId: "eu-central-1_A1b2C3d4E",
    ClientName: "customer",
    ClientId: "3n4b5urk1ft4fl3mg5e62d9ado",
    ClientSecret: "never-to-be-seen",
    AllowedOAuthFlows: ["client_credentials"],
    AllowedOAuthScopes: [`${API}/read:orders`, "openid", "gone/scope"],
    AllowedOAuthFlowsUserPoolClient: true,
  },
};

describe("import of what the AWS CLI prints", () => {
  const servers = scratch.write("servers.json", SERVERS);
  const client = scratch.write("client.json", CLIENT);
  const imported = {
    issuers: {
      cognito: {
        issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E",
        profile: "cognito",
      },
    },
    resourceServers: {
      [API]: { name: "E-commerce API", scopes: { "read:orders": "Read orders", "write:orders": "Write orders" } },
    },
    clients: { "3n4b5urk1ft4fl3mg5e62d9ado": { name: "customer", scopes: ["read:orders"] } },
  };

  it("makes the beginnings of a policy, without a secret, and says what it leaves out", async () => {
    const { exitCode, stdout, stderr } = await scopegate(
      "import",
      "cognito",
      servers,
      client,
      "--policy",
      join(scratch.path, "none.json"),
    );
    expect(JSON.parse(stdout)).toEqual(imported);
    expect(stdout + stderr).not.toContain("never-to-be-seen");
    expect(stderr).toContain("`gone/scope` of the client `3n4b5urk1ft4fl3mg5e62d9ado` is left out");
    expect(stderr).not.toContain("openid");
    expect(exitCode).toBe(0);
  });

  it("writes the policy only when told to", async () => {
    const target = scratch.write("target.json", exampleFile());
    const before = readFileSync(target, "utf8");
    await scopegate("import", "cognito", client, "--policy", target);
    expect(readFileSync(target, "utf8")).toBe(before);
    await scopegate("import", "cognito", client, "--policy", target, "--write");
    expect(JSON.parse(readFileSync(target, "utf8"))).toEqual(
      exampleFile({ clients: { ...exampleFile().clients, ...imported.clients } }),
    );
  });
});

/** In the shape of what CDK writes, with the scopes that the client has. */
const template = (...scopes: unknown[]) => ({
  Resources: {
    ApiServer5D: {
      Type: "AWS::Cognito::UserPoolResourceServer",
      Properties: { Identifier: API, Scopes: [{ ScopeName: "read:orders", ScopeDescription: "Read orders" }] },
    },
    WebClient9A: {
      Type: "AWS::Cognito::UserPoolClient",
      Properties: { ClientName: "web", AllowedOAuthScopes: scopes },
    },
  },
});
const RESOLVABLE = { "Fn::Join": ["", [{ Ref: "ApiServer5D" }, "/read:orders"]] };

describe("import of a file that is not understood", () => {
  const good = scratch.write("good.json", template(RESOLVABLE));

  it.each([
    {
      name: "an unresolved scope",
      document: template(RESOLVABLE, { Ref: "Stage" }),
      named: "AllowedOAuthScopes[1]: `Stage`",
    },
    {
      name: "an unresolved identifier",
      document: { resource: { aws_cognito_resource_server: { a: { identifier: "$" + "{var.x}" } } } },
      named: "identifier: The file has no variable `x`",
    },
    {
      name: "another page missing",
      document: { ...SERVERS, ResourceServers: [], NextToken: "x", ...CLIENT },
      named: "Pages are missing, and with them the declaration of `gone/scope`",
    },
    { name: "contradictions", document: template(), named: "There are two different clients `web`." },
  ])("writes nothing and names the part: $name", async ({ document, named }) => {
    const target = scratch.write("kept.json", exampleFile());
    const before = readFileSync(target, "utf8");
    const file = scratch.write("bad.json", document);
    for (const write of [[], ["--write"]]) {
      const run = await scopegate("import", "cognito", good, file, "--policy", target, ...write);
      expect(run).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringContaining(named) });
    }
    expect(readFileSync(target, "utf8")).toBe(before);
  });

  it("is a usage error if its YAML cannot be read, and an expansion is bounded", async () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `a${index}: &a${index} [${"x, ".repeat(9).replaceAll("x", index === 0 ? "x" : `*a${index - 1}`)}]`,
    );
    const started = performance.now();
    for (const text of [levels.join("\n"), "Resources: {}\nResources: {}", "--- {}\n--- {}"]) {
      const run = await scopegate("import", "cognito", scratch.write("bomb.yaml", text), "--policy", policy);
      expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("is a usage error if it is of another kind, or has one name twice", async () => {
    for (const text of ["{}", "[", '{ "Resources": {}, "Resources": {} }']) {
      const run = await scopegate("import", "cognito", scratch.write("other.json", text), "--policy", policy);
      expect(run).toMatchObject({ exitCode: 2, stdout: "" });
    }
  });
});

describe("import never writes a policy with an error", () => {
  const file = scratch.write("template.json", template(RESOLVABLE));

  it.each([
    {
      name: "a broken guarantee",
      changes: { guarantees: [{ name: "web reads nothing", clients: ["web"], never: true }] },
    },
    { name: "an earlier fault", changes: { realm: 7 } },
  ])("such as $name", async ({ changes }) => {
    const target = scratch.write("guarded.json", exampleFile(changes));
    const before = readFileSync(target, "utf8");
    const run = await scopegate("import", "cognito", file, "--policy", target, "--write");
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("nothing was written");
    expect(readFileSync(target, "utf8")).toBe(before);
  });

  it("nor a part of a policy where there is none", async () => {
    const target = join(scratch.path, "absent.json");
    const run = await scopegate("import", "cognito", file, "--policy", target, "--write");
    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("scopegate init") });
    expect(existsSync(target)).toBe(false);
  });

  it("and writes one without", async () => {
    const target = scratch.write("written.json", exampleFile());
    const run = await scopegate("import", "cognito", file, "--policy", target, "--write");
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("The new client `web` is registered under its name."),
    });
    expect(JSON.parse(readFileSync(target, "utf8"))).toMatchObject({ clients: { web: { scopes: ["read:orders"] } } });
  });
});

it("says which requests a new scope opens, where an existing route names it by a wildcard", async () => {
  const routes = [{ path: "/orders", methods: ["GET"], scopes: ["*:orders"], upstream: "orders" }];
  const wide = scratch.write("wildcard.json", exampleFile({ routes }));
  const server = {
    Identifier: API,
    Name: "E-commerce API",
    Scopes: [{ ScopeName: "purge:orders", ScopeDescription: "" }],
  };
  const document = scratch.write("purge.json", { ResourceServer: { UserPoolId: "eu-central-1_A", ...server } });
  const { exitCode, stderr } = await scopegate("import", "cognito", document, "--policy", wide);
  expect(stderr).toContain("Changes existing requests: GET,HEAD /orders is looser");
  expect(exitCode).toBe(0);
});
