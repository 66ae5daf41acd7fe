import { describe, expect, it } from "vitest";
import { fromTerraformState, isTerraformState } from "../../../src/cli/cognito/from-terraform-state.ts";

const POOL = "eu-central-1_A1b2C3d4E";
const DOLLAR = "$";
const SERVER = {
  address: "aws_cognito_resource_server.invoices",
  mode: "managed",
  type: "aws_cognito_resource_server",
  values: {
    id: `${POOL}|invoices`,
    identifier: "invoices",
    name: "Invoices",
    scope: [{ scope_name: "read", scope_description: `Literally ${DOLLAR}{x}` }],
    scope_identifiers: ["invoices/read"],
    user_pool_id: POOL,
  },
};
const CLIENT = {
  address: "module.web.aws_cognito_user_pool_client.web",
  mode: "managed",
  type: "aws_cognito_user_pool_client",
  values: {
    id: "3n4b5urk1ft4fl3mg5e62d9ado",
    name: "web",
    client_secret: "never-to-be-seen",
    allowed_oauth_scopes: ["invoices/read"],
    user_pool_id: POOL,
    callback_urls: null,
  },
};
const state = (resources: unknown, children: unknown = []) => ({
  format_version: "1.0",
  terraform_version: "1.9.0",
  values: { root_module: { resources, child_modules: children } },
});

describe("the output of terraform show -json", () => {
  it("gives resource servers and clients of all modules, with the ids of clients and without secrets", () => {
    const deep = [{ address: "module.a", child_modules: [{ address: "module.a.module.b", resources: [CLIENT] }] }];
    const read = fromTerraformState(state([SERVER, { type: "aws_s3_bucket", values: null }], deep));
    expect(read).toEqual({
      ok: true,
      value: {
        settings: {
          servers: [{ identifier: "invoices", name: "Invoices", scopes: { read: `Literally ${DOLLAR}{x}` } }],
          clients: [{ id: "3n4b5urk1ft4fl3mg5e62d9ado", scopes: ["invoices/read"], knownBy: "id", name: "web" }],
          userPoolId: POOL,
        },
        remarks: [],
      },
    });
  });

  it.each([
    { name: "white space at its ends and between words", title: " Web \n shop ", expected: "Web shop" },
    { name: "nothing but white space", title: " ", expected: undefined },
    { name: "no text", title: 7, expected: undefined },
  ])("has the name of a client as a policy takes it, if it has $name", ({ title, expected }) => {
    const client = { ...CLIENT, values: { ...CLIENT.values, name: title } };
    const read = fromTerraformState(state([client]));
    expect(read.ok && read.value.settings.clients.map(({ name }) => name)).toEqual([expected]);
  });

  it.each([
    { name: "null", scopes: null },
    { name: "empty", scopes: [] },
  ])("has a client without scopes if they are $name", ({ scopes }) => {
    const client = { ...CLIENT, values: { ...CLIENT.values, allowed_oauth_scopes: scopes } };
    expect(fromTerraformState(state([client]))).toMatchObject({ value: { settings: { clients: [{ scopes: [] }] } } });
  });

  it.each([
    { name: "a client without an id", document: state([{ ...CLIENT, values: { ...CLIENT.values, id: null } }]) },
    { name: "a client without values", document: state([{ ...CLIENT, values: undefined }]) },
    {
      name: "scopes of another type",
      document: state([{ ...CLIENT, values: { ...CLIENT.values, allowed_oauth_scopes: {} } }]),
    },
    { name: "a resource server without an identifier", document: state([{ ...SERVER, values: { name: "x" } }]) },
    {
      name: "a type of another provider",
      document: state([{ ...SERVER, type: "awscc_cognito_user_pool_resource_server" }]),
    },
    { name: "a resource that is null", document: state([null]) },
    { name: "resources that are no list", document: state({}) },
    { name: "modules that are no list", document: state([], {}) },
    { name: "a module that is null", document: state([], [null]) },
    {
      name: "two user pools",
      document: state([SERVER, { ...CLIENT, values: { ...CLIENT.values, user_pool_id: "eu-central-1_other" } }]),
    },
    { name: "no values", document: { format_version: "1.0", values: [] } },
    { name: "a plan", document: { format_version: "1.2", planned_values: { root_module: {} } } },
  ])("is a fault with $name", ({ document }) => {
    expect(fromTerraformState(document)).toEqual({
      ok: false,
      failure: [{ place: expect.stringMatching(/./), message: expect.stringMatching(/[.`]$|\.$/) }],
    });
  });

  it.each([
    { name: "a state", document: state([]), expected: true },
    { name: "a plan", document: { format_version: "1.2", planned_values: {} }, expected: true },
    { name: "an empty state", document: { format_version: "1.0" }, expected: false },
    { name: "another document", document: { values: {} }, expected: false },
  ])("is told from other documents: $name", ({ document, expected }) => {
    expect(isTerraformState(document)).toBe(expected);
  });
});
