import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { toCloudFormation } from "../../../src/cli/cognito/cloudformation.ts";
import { mergeSettings } from "../../../src/cli/cognito/merge-settings.ts";
import { readSettings } from "../../../src/cli/cognito/read-settings.ts";
import type { CognitoSettings } from "../../../src/cli/cognito/settings.ts";
import { toTerraform } from "../../../src/cli/cognito/terraform.ts";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { runs } from "../../support/policy/random-policy.ts";

const API = "https://api.myecommerce.com";
const scratch = scratchDirectory();
const policy = scratch.write("policy.json", exampleFile());

/** Names that Cognito or a template language would take for something else. */
const oddName = fc.constantFrom("orders", "Orders (v2)", "a:b", "$" + "{x}", "%%{y}", "é", "1st", "$$" + "{z}", "//");
const shortName = fc.constantFrom("read", "write:orders", "a.b", "$" + "{x}", "%" + "{y}");
const declaration = fc.oneof(
  fc.string({ maxLength: 5 }),
  fc.constant("x".repeat(300)),
  fc.record({ description: fc.string({ maxLength: 3 }), implies: fc.constant<string[]>(["read"]) }),
);
const settings: fc.Arbitrary<CognitoSettings> = fc.record({
  servers: fc.uniqueArray(
    fc.record({
      identifier: fc.constantFrom("https://api.example", "https---api.example", "api", "$" + "{api}", "urn:x"),
      name: fc.option(fc.oneof(oddName, fc.constant("https---api.example")), { nil: undefined }),
      scopes: fc.dictionary(shortName, declaration, { maxKeys: 3, noNullPrototype: true }),
    }),
    { maxLength: 3, selector: ({ identifier }) => identifier },
  ),
  clients: fc.uniqueArray(
    fc.record({
      id: oddName,
      scopes: fc.uniqueArray(fc.constantFrom("api/read", "$" + "{api}/a.b"), { maxLength: 2 }),
    }),
    { maxLength: 3, selector: ({ id }) => id },
  ),
  userPoolId: fc.constant(undefined),
});

describe.each([
  { format: "cloudformation", write: toCloudFormation },
  { format: "terraform", write: toTerraform },
])("$format", ({ format, write }) => {
  it("is read back as what was written", () => {
    fc.assert(
      fc.property(settings, (written) => {
        expect(readSettings(JSON.parse(JSON.stringify(write(written))))).toEqual(written);
      }),
      runs(500),
    );
  });

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
  /** Names and requiredness of the properties of both resources, as AWS publishes them. */
  let published: ReadonlyMap<string, ReadonlyMap<string, { readonly required: boolean; readonly type: string }>>;

  beforeAll(async () => {
    const spec = await loadAwsServiceSpec();
    const types = ["AWS::Cognito::UserPoolResourceServer", "AWS::Cognito::UserPoolClient"];
    published = new Map(
      types.map((type) => {
        const { properties } = spec.lookup("resource", "cloudFormationType", "equals", type).only();
        const known = Object.entries(properties).map(
          ([name, { required, type: kind }]) => [name, { required: required === true, type: kind.type }] as const,
        );
        return [type, new Map(known)];
      }),
    );
  });

  const TYPE_OF: Readonly<Record<string, (value: unknown) => boolean>> = {
    string: (value) => typeof value === "string" || (typeof value === "object" && value !== null && "Ref" in value),
    boolean: (value) => typeof value === "boolean",
    array: (value) => Array.isArray(value),
  };

  it("has the published resources with published properties of their types, and all that are required", () => {
    fc.assert(
      fc.property(settings, (written) => {
        const { Resources } = toCloudFormation(written) as {
          readonly Resources: Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>;
        };
        expect(Object.keys(Resources)).toHaveLength(written.servers.length + written.clients.length);
        for (const [label, { Type, Properties }] of Object.entries(Resources)) {
          expect(label).toMatch(/^[A-Za-z0-9]{1,255}$/);
          const known = published.get(Type);
          for (const [name, value] of Object.entries(Properties)) {
            expect([name, TYPE_OF[known?.get(name)?.type ?? ""]?.(value)]).toEqual([name, true]);
          }
          const required = Array.from(known ?? []).filter(([, property]) => property.required);
          expect(Object.keys(Properties)).toEqual(expect.arrayContaining(required.map(([name]) => name)));
        }
      }),
      runs(200),
    );
  });

  it("keeps to the patterns and lengths of Cognito's API", () => {
    fc.assert(
      fc.property(settings, (written) => {
        const { Resources } = toCloudFormation(written) as {
          readonly Resources: Record<string, { readonly Properties: object }>;
        };
        for (const { Properties } of Object.values(Resources)) {
          const {
            Name,
            ClientName,
            Scopes = [],
          } = Properties as {
            readonly Name?: string;
            readonly ClientName?: string;
            readonly Scopes?: readonly { readonly ScopeDescription: string }[];
          };
          expect(Name ?? ClientName).toMatch(/^[\w\s+=,.@-]{1,128}$/);
          for (const { ScopeDescription } of Scopes) expect(ScopeDescription).toMatch(/^.{1,256}$/su);
        }
      }),
      runs(200),
    );
  });

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
    clients: { "3n4b5urk1ft4fl3mg5e62d9ado": { scopes: ["read:orders"] } },
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

  it("leaves alone what Cognito does not know, and says so", () => {
    const read = readSettings(SERVERS);
    if (read === undefined) throw new Error("not read");
    const { file, remarks } = mergeSettings(
      {
        resourceServers: {
          [API]: {
            name: "Shop",
            scopes: { "read:orders": { description: "Old", implies: ["list:orders"] }, "list:orders": "List" },
          },
        },
        clients: { other: { scopes: [`${API}/list:orders`] } },
      },
      read,
    );
    expect(file).toEqual({
      issuers: imported.issuers,
      resourceServers: {
        [API]: {
          name: "E-commerce API",
          scopes: {
            "read:orders": { description: "Read orders", implies: ["list:orders"] },
            "list:orders": "List",
            "write:orders": "Write orders",
          },
        },
      },
      clients: { other: { scopes: [`${API}/list:orders`] } },
    });
    expect(remarks).toEqual([`Cognito has no scope \`${API}/list:orders\`.`]);
  });

  it.each([
    {
      name: "the same scopes in another spelling stay as they are",
      scopes: [`${API}/write:orders`, "read:orders"],
      expected: [`${API}/write:orders`, "read:orders"],
    },
    {
      name: "scopes that were taken away are taken away",
      scopes: ["read:orders", "write:orders", "read:products"],
      expected: ["read:orders", "write:orders"],
    },
  ])("$name", ({ scopes, expected }) => {
    const { file } = mergeSettings(
      { ...exampleFile(), issuers: {}, clients: { c: { scopes } } },
      {
        servers: [],
        clients: [{ id: "c", scopes: [`${API}/read:orders`, `${API}/write:orders`] }],
        userPoolId: undefined,
      },
    );
    expect(file.clients).toEqual({ c: { scopes: expected } });
  });
});
