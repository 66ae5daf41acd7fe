import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const API = "https://api.myecommerce.com";
const scratch = scratchDirectory();

const cloudFormation = (identifier: unknown, scope: unknown) => ({
  Resources: {
    Api: { Type: "AWS::Cognito::UserPoolResourceServer", Properties: { Identifier: identifier, Scopes: [] } },
    Batch: {
      Type: "AWS::Cognito::UserPoolClient",
      Properties: { ClientName: "customer", AllowedOAuthScopes: [scope] },
    },
  },
});
const terraform = (scopes: unknown) => ({
  resource: {
    aws_cognito_resource_server: {
      api: { identifier: API, scope: [{ scope_name: "read:products", scope_description: "Read products" }] },
    },
    aws_cognito_user_pool_client: { customer: { name: "customer", allowed_oauth_scopes: scopes } },
  },
});
const join = { "Fn::Join": ["", [{ Ref: "Api" }, "/read:products"]] };
const scopeIdentifiers = "$" + "{aws_cognito_resource_server.api.scope_identifiers}";

/**
 * Scopes that a template computes were dropped without a word, so a client lost them; a resource server whose
 * identifier a template computes became one with an empty name; and the exit code was 0.
 */
it.each([
  { name: "a joined scope", document: cloudFormation(API, join) },
  { name: "a reference to all scopes", document: terraform(scopeIdentifiers) },
])("an import keeps $name", async ({ document }) => {
  const policy = scratch.write("policy.json", exampleFile());
  const file = scratch.write("document.json", document);
  const { exitCode } = await scopegate("import", "cognito", file, "--policy", policy, "--write");
  const { clients } = JSON.parse(readFileSync(policy, "utf8"));
  expect([exitCode, clients.customer]).toEqual([0, { scopes: ["read:products"] }]);
});

it.each([
  { name: "an identifier from a parameter without a default", document: cloudFormation({ Ref: "Stage" }, join) },
  { name: "a scope of another stack", document: cloudFormation(API, { "Fn::ImportValue": "scope" }) },
  { name: "a list from a function", document: terraform(scopeIdentifiers.replace("{", "{concat(").replace("}", ")}")) },
])("an import of $name changes nothing", async ({ document }) => {
  const policy = scratch.write("policy.json", exampleFile());
  const before = readFileSync(policy, "utf8");
  const file = scratch.write("document.json", document);
  const { exitCode } = await scopegate("import", "cognito", file, "--policy", policy, "--write");
  expect([exitCode, readFileSync(policy, "utf8")]).toEqual([1, before]);
});
