import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const policy = scratch.write("policy.json", exampleFile());

/** `check` ended with a stack trace, and with the exit code of findings. */
describe("a path of 2,100 segments", () => {
  const path = "/a".repeat(2_100);
  const route = { path, methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
  const guarantee = { under: ["/"], requires: ["read:orders"] };
  const long = scratch.write("long-path.json", exampleFile({ routes: [route], guarantees: [guarantee] }));

  it("is a fault with its place", async () => {
    const { exitCode, stdout } = await scopegate("check", "--policy", long);
    expect(stdout).toMatch(/long-path\.json:\d+:\d+: error invalid: The path has 2100 segments, more than 256\.\n/);
    expect(exitCode).toBe(1);
  });

  it("is a fault of a guarantee, too", async () => {
    const file = scratch.write("guarantee.json", exampleFile({ guarantees: [{ under: [path], never: true }] }));
    const { exitCode, stdout } = await scopegate("check", "--policy", file);
    expect(stdout).toMatch(/\n {4}\$\.guarantees\[0\]\.under\[0\]\n/);
    expect(exitCode).toBe(1);
  });

  it("is not imported", async () => {
    const document = scratch.write("api.json", { openapi: "3.0.3", info: {}, paths: { [path]: { get: {} } } });
    const { stderr } = await scopegate("import", "openapi", document, "--policy", policy, "--upstream", "orders");
    expect(stderr).toContain("The path has 2100 segments, more than 256.");
  });

  it("is explained as a request", async () => {
    const { exitCode, stdout } = await scopegate("explain", "GET", path, "--policy", policy);
    expect(stdout).toContain("404 route-unknown");
    expect(exitCode).toBe(1);
  });
});

/** The fault named no group, and pointed at the beginning of the file. */
describe("a requirement of 32 nested groups", () => {
  it("is a fault in terms of groups, at the group that is one too deep", async () => {
    const groups = `${'{ "anyOf": [\n'.repeat(32)}"read:orders"${"] }".repeat(32)}`;
    const text = JSON.stringify(exampleFile()).replace('["read:orders"],"upstream"', `\n${groups},"upstream"`);
    const { stdout } = await scopegate("check", "--policy", scratch.write("groups.json", text));
    // One line for each group, and one before the first.
    expect(stdout).toMatch(/groups\.json:33:1: error invalid: This group is inside 31 others\. /);
  });
});

/** The imports ended with a stack trace: they wrote deep values as JSON. */
describe("a value of 100,000 lists inside one another", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const server = (identifier: string, pool: string) =>
    `{ "Identifier": ${identifier}, "UserPoolId": ${pool}, "Name": "n", "Scopes": [] }`;
  const type = "AWS::Cognito::UserPoolResourceServer";
  const terraform = (rest: string) =>
    `{ "resource": { "aws_cognito_resource_server": { "a": { "identifier": "\${var.v}" } } }, ${rest} }`;

  it.each([
    {
      name: "CloudFormation",
      text: `{ "Resources": { "S": { "Type": "${type}", "Properties": ${server('"x"', deep)} } } }`,
    },
    { name: "the AWS CLI", text: `{ "ResourceServer": ${server('"x"', deep)} }` },
    { name: "a variable of Terraform", text: terraform(`"variable": { "v": { "default": ${deep} } }`) },
    { name: "a state of Terraform", text: `{ "format_version": "1.0", "values": { "root_module": ${deep} } }` },
    { name: "YAML", text: `Resources: { S: { Type: "${type}", Properties: { Identifier: ${deep} } } }` },
  ])("is refused in the input of import cognito: $name", async ({ text }) => {
    const file = scratch.write("input.json", text);
    const { exitCode, stdout, stderr } = await scopegate("import", "cognito", file, "--policy", policy);
    expect(stderr).toMatch(/^[^\n]+The values are nested too deeply: at most 256 levels are read\.\n$/);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });

  it.each(["import", "drift"])("is refused in a document: %s", async (command) => {
    const file = scratch.write("api.json", `{ "openapi": "3.0.3", "paths": {}, "x": ${deep} }`);
    const { exitCode, stderr } = await scopegate(command, "openapi", file, "--policy", policy, "--upstream", "orders");
    expect(stderr).toContain("The values are nested too deeply: at most 256 levels are read.");
    expect(exitCode).toBe(2);
  });

  it("is refused in a policy that an import would write", async () => {
    const file = scratch.write("deep.json", `{ "x": ${deep} }`);
    const servers = scratch.write("servers.json", `{ "ResourceServer": ${server('"x"', '"p"')} }`);
    const { exitCode, stdout, stderr } = await scopegate("import", "cognito", servers, "--policy", file);
    expect(stderr).toMatch(/deep\.json: The policy is nested too deeply\. `scopegate check` says where\.\n$/);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });

  it("is refused in a wrangler file", async () => {
    const folder = scratchDirectory();
    const url = `\${A}`;
    const variable = exampleFile({ upstreams: { products: { url }, orders: { url } } });
    folder.write("wrangler.json", `{ "name": "a", "vars": { "A": ${deep} } }`);
    const { exitCode, stderr } = await scopegate("check", "--policy", folder.write("routes.json", variable));
    expect(stderr).toMatch(/wrangler\.json: The values are nested too deeply\.\n$/);
    expect(exitCode).toBe(2);
  });
});
