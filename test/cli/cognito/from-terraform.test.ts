import { describe, expect, it } from "vitest";
import { fromTerraform } from "../../../src/cli/cognito/from-terraform.ts";
import type { JsonObject } from "../../../src/json/json-object.ts";

const of = (expression: string): string => `\${${expression}}`;
const API = "aws_cognito_resource_server.invoices";
const SERVER = {
  user_pool_id: of("aws_cognito_user_pool.main.id"),
  identifier: "invoices",
  name: "Invoices",
  scope: [{ scope_name: "read", scope_description: "Read" }, { scope_name: "write" }],
};

/** A configuration with the resource server `invoices`, a client `web` with the scopes, and more parts. */
function configuration(scopes: unknown, more: JsonObject = {}, server: JsonObject = {}): JsonObject {
  return {
    resource: {
      aws_cognito_user_pool: { main: { name: "main" } },
      aws_cognito_resource_server: { invoices: { ...SERVER, ...server } },
      aws_cognito_user_pool_client: {
        web: { name: "web", user_pool_id: of("aws_cognito_user_pool.main.id"), allowed_oauth_scopes: scopes },
      },
    },
    ...more,
  };
}

const PARTS = {
  variable: {
    name: { default: "invoices" },
    all: { type: "list(string)", default: ["invoices/read"] },
    empty: {},
    nothing: { default: null },
    secret: { default: "secret-text", sensitive: true },
    computed: { default: of("var.name") },
  },
  locals: { read: `${of("var.name")}/read`, list: [of("local.read")], loop: of("local.loop"), none: null },
};

describe("the scopes of a client in a configuration", () => {
  it.each([
    { name: "text", scopes: ["invoices/read"], expected: ["invoices/read"] },
    {
      name: "the identifier of a resource server",
      scopes: [`${of(`${API}.identifier`)}/read`],
      expected: ["invoices/read"],
    },
    {
      name: "spaces around the expression",
      scopes: [`${of(` ${API}.identifier `)}/read`],
      expected: ["invoices/read"],
    },
    {
      name: "all scopes of a resource server",
      scopes: of(`${API}.scope_identifiers`),
      expected: ["invoices/read", "invoices/write"],
    },
    { name: "a variable with a default", scopes: [`${of("var.name")}/read`], expected: ["invoices/read"] },
    { name: "a list from a variable", scopes: of("var.all"), expected: ["invoices/read"] },
    { name: "a local", scopes: [of("local.read")], expected: ["invoices/read"] },
    { name: "a list from a local", scopes: of("local.list"), expected: ["invoices/read"] },
    { name: "escapes", scopes: [`$${of("x")}`, `%${"%{y}"}`], expected: [of("x"), "%{y}"] },
    { name: "a null, which means none", scopes: null, expected: [] },
  ])("are evaluated from $name", ({ scopes, expected }) => {
    expect(fromTerraform(configuration(scopes, PARTS))).toMatchObject({
      ok: true,
      value: { settings: { clients: [{ id: "web", scopes: expected, knownBy: "name" }] } },
    });
  });

  it.each([
    { name: "a function", scopes: of(`concat(${API}.scope_identifiers, ["openid"])`) },
    { name: "a function without text", scopes: of(`tolist(${API}.scope_identifiers)`) },
    { name: "an index", scopes: [of(`${API}.scope_identifiers[0]`)] },
    { name: "a splat", scopes: of(`${API}.scope[*].scope_name`) },
    { name: "a copy of a resource server", scopes: [of(`${API}["eu"].identifier`)] },
    { name: "another attribute", scopes: [of(`${API}.id`)] },
    { name: "an attribute of an attribute", scopes: [of(`${API}.identifier.x`)] },
    { name: "an unknown resource server", scopes: [of("aws_cognito_resource_server.other.identifier")] },
    { name: "another resource", scopes: [of("aws_ssm_parameter.scope.value")] },
    { name: "data", scopes: [of("data.aws_ssm_parameter.scope.value")] },
    { name: "a module", scopes: of("module.api.scopes") },
    { name: "a condition", scopes: [of("var.name == 1 ? 2 : 3")] },
    { name: "a directive", scopes: ["%{ if true }invoices/read%{ endif }"] },
    { name: "an expression that does not end", scopes: ["${var.name"] },
    { name: "a text in an expression", scopes: [of('"invoices/read"')] },
    { name: "a variable without a default", scopes: [of("var.empty")] },
    { name: "a variable whose default is null", scopes: [of("var.nothing")] },
    { name: "a variable whose default is an expression", scopes: [of("var.computed")] },
    { name: "a secret variable", scopes: [of("var.secret")] },
    { name: "an unknown variable", scopes: [of("var.other")] },
    { name: "an unknown local", scopes: [of("local.other")] },
    { name: "a local that refers to itself", scopes: [of("local.loop")] },
    { name: "a list inside text", scopes: [`${of("var.all")}/read`] },
    { name: "a list in the list", scopes: [of("var.all")] },
    { name: "a null", scopes: [null] },
    { name: "an empty name", scopes: [""] },
    { name: "a number", scopes: [7] },
    { name: "text instead of a list", scopes: "invoices/read" },
    { name: "an object instead of a list", scopes: {} },
  ])("are a fault if there is $name, and no value is repeated", ({ scopes }) => {
    const read = fromTerraform(configuration(scopes, PARTS));
    expect(read).toEqual({
      ok: false,
      failure: [
        {
          place: expect.stringMatching(/^resource\.aws_cognito_user_pool_client\.web\.allowed_oauth_scopes(\[0\])?$/),
          message: expect.stringMatching(/\.$/),
        },
      ],
    });
    expect(JSON.stringify(read)).not.toContain("secret-text");
  });

  it("are a fault if those of the resource server are not understood", () => {
    const server = { scope: [{ scope_name: of("var.other") }] };
    const read = fromTerraform(configuration(of(`${API}.scope_identifiers`), {}, server));
    expect(read).toMatchObject({
      failure: [{ place: `resource.${API}.scope[0]` }, { place: expect.stringContaining("client.web") }],
    });
  });
});

describe("a configuration", () => {
  it.each([
    { name: "an empty identifier", server: { identifier: "" }, place: `${API}.identifier` },
    { name: "an identifier that is null", server: { identifier: null }, place: `${API}.identifier` },
    {
      name: "an identifier that is a null local",
      server: { identifier: of("local.none") },
      place: `${API}.identifier`,
    },
    { name: "copies by count", server: { count: 1 }, place: `${API}.count` },
    { name: "copies by for_each", server: { for_each: of("var.all") }, place: `${API}.for_each` },
    { name: "scopes that are copied", server: { dynamic: { scope: {} } }, place: `${API}.dynamic` },
    { name: "a scope without a name", server: { scope: [{}] }, place: `${API}.scope[0].scope_name` },
    { name: "scopes that are text", server: { scope: "read" }, place: `${API}.scope` },
    { name: "an edited note of the export", server: { "//": '{"scopegate":{"name":5}}' }, place: API },
    { name: "a second user pool", server: { user_pool_id: "eu-central-1_A1b2C3d4E" }, place: "user_pool_id" },
  ])("with $name is a fault", ({ server, place }) => {
    expect(fromTerraform(configuration([], PARTS, server))).toEqual({
      ok: false,
      failure: [
        { place: place === "user_pool_id" ? place : `resource.${place}`, message: expect.stringMatching(/\.$/) },
      ],
    });
  });

  it.each([
    { name: "blocks in lists", wrap: (value: unknown) => [value] },
    { name: "blocks without lists", wrap: (value: unknown) => value },
  ])("may have $name, and comments", ({ wrap }) => {
    const document = {
      resource: wrap({
        "//": "a comment",
        aws_cognito_resource_server: wrap({
          "//": "another",
          invoices: wrap({ ...SERVER, scope: wrap({ scope_name: "read" }), "//": { metadata: "of a tool" } }),
        }),
      }),
    };
    expect(fromTerraform(document)).toMatchObject({
      ok: true,
      value: { settings: { servers: [{ identifier: "invoices", scopes: { read: "" } }] } },
    });
  });

  it.each([
    { name: "two blocks with one address", resource: { aws_cognito_resource_server: { a: [SERVER, SERVER] } } },
    { name: "a type of another provider", resource: { awscc_cognito_user_pool_client: { a: {} } } },
    { name: "a block that is text", resource: { aws_cognito_user_pool_client: { a: "x" } } },
    { name: "a list of texts", resource: ["x"] },
  ])("with $name is a fault", ({ resource }) => {
    expect(fromTerraform({ resource })).toMatchObject({ ok: false, failure: [{}] });
  });

  it("says which defaults it used, and which modules it did not read", () => {
    const more = { ...PARTS, module: { api: { source: "./api" } } };
    expect(fromTerraform(configuration(of("var.all"), more))).toMatchObject({
      value: { remarks: [expect.stringContaining("`all`"), expect.stringContaining("`api`")] },
    });
  });

  it("registers a client without a name under its label", () => {
    const resource = { aws_cognito_managed_user_pool_client: { batch: { name_prefix: "x" } } };
    expect(fromTerraform({ resource })).toMatchObject({
      value: { settings: { clients: [{ id: "batch", knownBy: "label" }] } },
    });
  });

  it("is evaluated in bounded time", () => {
    const locals = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [
        `l${index}`,
        index === 0 ? "" : `${of(`local.l${index - 1}`)}`.repeat(2),
      ]),
    );
    const started = performance.now();
    expect(fromTerraform(configuration([of("local.l29")], { locals }))).toMatchObject({ ok: false });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
