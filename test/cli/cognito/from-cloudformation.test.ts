import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromCloudFormation } from "../../../src/cli/cognito/from-cloudformation.ts";
import { intrinsicOf } from "../../../src/cli/cognito/resolve-intrinsics.ts";
import { loadTextParser } from "../../../src/cli/openapi/document/parse-text.ts";
import type { JsonObject } from "../../../src/json/json-object.ts";
import { runs } from "../../support/policy/random-policy.ts";

const SERVER = { Type: "AWS::Cognito::UserPoolResourceServer" };
const CLIENT = { Type: "AWS::Cognito::UserPoolClient" };
const READ = { ScopeName: "read", ScopeDescription: "Read" };
const VARIABLE = (name: string): string => `\${${name}}`;

/** A template with the resource server `invoices`, a client `web` with the scopes, and more parts. */
function template(scopes: unknown, more: JsonObject = {}, resources: JsonObject = {}): JsonObject {
  return {
    Resources: {
      Pool: { Type: "AWS::Cognito::UserPool" },
      Invoices: { ...SERVER, Properties: { UserPoolId: { Ref: "Pool" }, Identifier: "invoices", Scopes: [READ] } },
      Web: { ...CLIENT, Properties: { UserPoolId: { Ref: "Pool" }, ClientName: "web", AllowedOAuthScopes: scopes } },
      ...resources,
    },
    ...more,
  };
}

const parameters = (parameter: JsonObject): JsonObject => ({
  Parameters: { Prefix: { Type: "String", ...parameter } },
});

describe("the scopes of a client in a template", () => {
  it.each([
    { name: "text", scopes: ["invoices/read"] },
    { name: "Fn::Join", scopes: [{ "Fn::Join": ["/", [{ Ref: "Invoices" }, "read"]] }] },
    { name: "Fn::Sub", scopes: [{ "Fn::Sub": `${VARIABLE("Invoices")}/read` }] },
    { name: "Fn::Sub with values", scopes: [{ "Fn::Sub": [`${VARIABLE("It")}/read`, { It: { Ref: "Invoices" } }] }] },
    {
      name: "Fn::Sub that names a value like a resource",
      scopes: [{ "Fn::Sub": [VARIABLE("Web"), { Web: "invoices/read" }] }],
    },
    { name: "Fn::Join over a list from a parameter", scopes: [{ "Fn::Join": ["/", { Ref: "Parts" }] }] },
    { name: "a list from a parameter", scopes: { Ref: "Scopes" } },
  ])("are resolved from $name", ({ scopes }) => {
    const lists = { Type: "CommaDelimitedList" };
    const more = {
      Parameters: { Parts: { ...lists, Default: "invoices, read" }, Scopes: { ...lists, Default: "invoices/read" } },
    };
    const read = fromCloudFormation(template(scopes, more));
    expect(read).toMatchObject({
      ok: true,
      value: { settings: { clients: [{ id: "web", scopes: ["invoices/read"], knownBy: "name" }] } },
    });
  });

  it.each([
    { name: "another stack", scope: { "Fn::ImportValue": "other" }, named: "`Fn::ImportValue`" },
    { name: "a condition", scope: { "Fn::If": ["IsLive", "a", "b"] }, named: "`Fn::If`" },
    { name: "an attribute", scope: { "Fn::GetAtt": ["Pool", "Arn"] }, named: "`Fn::GetAtt`" },
    { name: "an attribute in Fn::Sub", scope: { "Fn::Sub": VARIABLE("Pool.Arn") }, named: "`Pool.Arn`" },
    { name: "the region", scope: { Ref: "AWS::Region" }, named: "`AWS::Region`" },
    { name: "the region in Fn::Sub", scope: { "Fn::Sub": VARIABLE("AWS::Region") }, named: "`AWS::Region`" },
    { name: "no value", scope: { Ref: "AWS::NoValue" }, named: "`AWS::NoValue`" },
    { name: "a resource of another type", scope: { Ref: "Pool" }, named: "`Pool`" },
    { name: "the id of a client", scope: { Ref: "Web" }, named: "`Web`" },
    { name: "an unknown name", scope: { "Fn::Sub": VARIABLE("Stage") }, named: "`Stage`" },
    { name: "a number", scope: 5, named: "not the name of a scope" },
    { name: "an empty name", scope: "", named: "not the name of a scope" },
    { name: "a null", scope: null, named: "not the name of a scope" },
    { name: "a plain object", scope: { read: "invoices" }, named: "not the name of a scope" },
    { name: "a list in the list", scope: ["invoices/read"], named: "not the name of a scope" },
    { name: "Fn::Join without a list", scope: { "Fn::Join": ["/"] }, named: "`Fn::Join`" },
    { name: "Fn::Join of a number", scope: { "Fn::Join": ["/", ["invoices", 1]] }, named: "`Fn::Join`" },
    { name: "Fn::Sub that does not end", scope: { "Fn::Sub": "${Invoices" }, named: "does not end" },
    { name: "Fn::Sub of a list", scope: { "Fn::Sub": [VARIABLE("It"), { It: ["a"] }] }, named: "`It` is not a string" },
    { name: "a function with a neighbour", scope: { Ref: "Invoices", "Fn::Sub": "x" }, named: "other members" },
    { name: "a loop", scope: { Ref: "Loop" }, named: "`Loop` refers to itself" },
    { name: "a resource under a condition", scope: { Ref: "Sometimes" }, named: "under a condition" },
  ])("are a fault if one is $name", ({ scope, named }) => {
    const resources = {
      Loop: { ...SERVER, Properties: { Identifier: { Ref: "Loop" } } },
      Sometimes: { ...SERVER, Condition: "IsLive", Properties: { Identifier: "sometimes" } },
    };
    const read = fromCloudFormation(template(["invoices/read", scope], {}, resources));
    expect(read).toMatchObject({
      ok: false,
      failure: expect.arrayContaining([
        {
          place: expect.stringMatching(/^Resources\.Web\.Properties\.AllowedOAuthScopes\[1\]$/),
          message: expect.stringContaining(named),
        },
      ]),
    });
  });

  it.each([
    { name: "text", scopes: "invoices/read" },
    { name: "an object", scopes: {} },
    { name: "a null", scopes: null },
    { name: "a text by reference", scopes: { Ref: "Invoices" } },
  ])("are a fault if they are $name", ({ scopes }) => {
    expect(fromCloudFormation(template(scopes))).toEqual({
      ok: false,
      failure: [{ place: "Resources.Web.Properties.AllowedOAuthScopes", message: "This is not a list." }],
    });
  });
});

it.each([{}, { Name: "" }])("a resource server with the members %j has no name", (members) => {
  const read = fromCloudFormation({
    Resources: { Invoices: { ...SERVER, Properties: { Identifier: "invoices", Scopes: [READ], ...members } } },
  });
  expect(read).toMatchObject({
    ok: true,
    value: { settings: { servers: [{ identifier: "invoices", name: undefined }] } },
  });
});

describe("a parameter", () => {
  const named = [{ "Fn::Sub": `${VARIABLE("Prefix")}/read` }];

  it("has its default, and a remark says so", () => {
    const read = fromCloudFormation(template(named, parameters({ Default: "invoices" })));
    expect(read).toMatchObject({ value: { settings: { clients: [{ scopes: ["invoices/read"] }] } } });
    expect(read).toMatchObject({
      value: { remarks: [expect.stringContaining("used the default of the parameter `Prefix`")] },
    });
  });

  it.each([
    { name: "has no default", parameter: {} },
    { name: "has a default that is no text", parameter: { Default: 5 } },
    { name: "is secret", parameter: { Default: "secret-text", NoEcho: true } },
    {
      name: "names a value elsewhere",
      parameter: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/secret-text" },
    },
  ])("is a fault if it $name, and its value is not repeated", ({ parameter }) => {
    const read = fromCloudFormation(template(named, parameters(parameter)));
    expect(read).toMatchObject({ ok: false, failure: [{ message: expect.stringContaining("`Prefix`") }] });
    expect(JSON.stringify(read)).not.toContain("secret-text");
  });
});

describe("a template", () => {
  const server = (properties: unknown, more: JsonObject = {}) => ({
    Other: { ...SERVER, Properties: properties, ...more },
  });

  it.each([
    {
      name: "a resource server without an identifier",
      resources: server({}),
      place: "Resources.Other.Properties.Identifier",
    },
    {
      name: "a resource server with an empty identifier",
      resources: server({ Identifier: "" }),
      place: "Resources.Other.Properties.Identifier",
    },
    {
      name: "a resource server with an unknown identifier",
      resources: server({ Identifier: { "Fn::Sub": `https://api.${VARIABLE("Stage")}.example` } }),
      place: "Resources.Other.Properties.Identifier",
    },
    { name: "properties that are no object", resources: server([]), place: "Resources.Other.Properties" },
    {
      name: "properties that a function makes",
      resources: server({ "Fn::Transform": {} }),
      place: "Resources.Other.Properties",
    },
    {
      name: "a scope that is no object",
      resources: server({ Identifier: "x", Scopes: ["read"] }),
      place: "Resources.Other.Properties.Scopes[0]",
    },
    {
      name: "a scope without a name",
      resources: server({ Identifier: "x", Scopes: [{}] }),
      place: "Resources.Other.Properties.Scopes[0].ScopeName",
    },
    {
      name: "a scope under a condition",
      resources: server({ Identifier: "x", Scopes: [{ "Fn::If": ["A", READ, READ] }] }),
      place: "Resources.Other.Properties.Scopes[0]",
    },
    {
      name: "a resource server under a condition",
      resources: server({ Identifier: "x" }, { Condition: "IsLive" }),
      place: "Resources.Other.Condition",
    },
    {
      name: "a client under a condition",
      resources: { Other: { ...CLIENT, Condition: "IsLive", Properties: {} } },
      place: "Resources.Other.Condition",
    },
    {
      name: "a client with a name from elsewhere",
      resources: { Other: { ...CLIENT, Properties: { ClientName: { Ref: "AWS::StackName" } } } },
      place: "Resources.Other.Properties.ClientName",
    },
    {
      name: "a loop",
      resources: { "Fn::ForEach::Clients": ["X", ["a"], {}] },
      place: "Resources.Fn::ForEach::Clients",
    },
    { name: "a resource that is no object", resources: { Other: null }, place: "Resources.Other" },
    {
      name: "an edited note of the export",
      resources: server({ Identifier: "x" }, { Metadata: { Scopegate: { name: 5 } } }),
      place: "Resources.Other.Properties",
    },
    {
      name: "a second user pool",
      resources: server({ Identifier: "x", UserPoolId: { Ref: "OtherPool" } }),
      place: "UserPoolId",
    },
  ])("with $name is a fault", ({ resources, place }) => {
    const read = fromCloudFormation(template([], {}, resources));
    expect(read).toEqual({ ok: false, failure: [{ place, message: expect.stringMatching(/\.$/) }] });
  });

  it.each([
    { name: "another macro", transform: "Mine", ok: false },
    { name: "another macro among those of AWS", transform: ["AWS::LanguageExtensions", "Mine"], ok: false },
    { name: "an included file", transform: { Name: "AWS::Include" }, ok: false },
    { name: "the macros of AWS", transform: ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"], ok: true },
  ])("with $name: $ok", ({ transform, ok }) => {
    expect(fromCloudFormation(template([], { Transform: transform }))).toMatchObject({ ok });
  });

  it("registers a client without a name under its label", () => {
    const resources = { Batch: { ...CLIENT, Properties: {} } };
    expect(fromCloudFormation(template([], {}, resources))).toMatchObject({
      value: { settings: { clients: [{ id: "web" }, { id: "Batch", scopes: [], knownBy: "label" }] } },
    });
  });

  it("names templates in it, which are not read", () => {
    const resources = { Nested: { Type: "AWS::CloudFormation::Stack" } };
    expect(fromCloudFormation(template([], {}, resources))).toMatchObject({
      value: { remarks: [expect.stringContaining("`Nested`")] },
    });
  });

  it("knows its user pool only if its id is in it", () => {
    const literal = server({ Identifier: "x", UserPoolId: "eu-central-1_A1b2C3d4E" });
    expect(fromCloudFormation({ Resources: literal })).toMatchObject({
      value: { settings: { userPoolId: "eu-central-1_A1b2C3d4E" } },
    });
    expect(fromCloudFormation(template([]))).toMatchObject({ value: { settings: { userPoolId: undefined } } });
  });
});

describe("the resolution of a template is bounded", () => {
  it.each([
    {
      name: "references that double a text",
      identifier: (last: string) => ({ "Fn::Join": ["x", [{ Ref: last }, { Ref: last }]] }),
    },
    {
      name: "references that double nothing",
      identifier: (last: string) => ({ "Fn::Join": ["", [{ Ref: last }, { Ref: last }]] }),
    },
  ])("for $name", ({ identifier }) => {
    const chain = Array.from({ length: 64 }, (_, index) => [
      `S${index}`,
      { ...SERVER, Properties: { Identifier: index === 0 ? "" : identifier(`S${index - 1}`) } },
    ]);
    const started = performance.now();
    expect(fromCloudFormation({ Resources: Object.fromEntries(chain) })).toMatchObject({ ok: false });
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("for deep nesting", () => {
    let scope: unknown = "x";
    for (let depth = 0; depth < 5000; depth++) scope = { "Fn::Join": ["", [scope]] };
    expect(fromCloudFormation(template([scope]))).toMatchObject({
      failure: [{ message: "The value is nested too deeply." }],
    });
  });
});

describe("a template in YAML", () => {
  const yaml = (scope: string): string => `
AWSTemplateFormatVersion: 2010-09-09
Conditions:
  IsLive: !Equals [!Ref Stage, live]
Resources:
  Invoices:
    Type: AWS::Cognito::UserPoolResourceServer
    Properties:
      UserPoolId: !GetAtt Pool.Id
      Identifier: invoices
      Scopes:
        - { ScopeName: read, ScopeDescription: Read }
  Web:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !GetAtt Pool.Id
      ClientName: web
      AllowedOAuthScopes: [${scope}]
`;
  const read = async (scope: string) => {
    const parsed = (await loadTextParser(1000, intrinsicOf))(yaml(scope));
    if (!parsed.ok) throw new Error(parsed.failure);
    return fromCloudFormation(parsed.value as JsonObject);
  };

  it.each([
    { name: "!Sub", scope: `!Sub "${VARIABLE("Invoices")}/read"` },
    { name: "!Sub with values", scope: `!Sub ["${VARIABLE("It")}/read", { It: !Ref Invoices }]` },
    { name: "!Join", scope: "!Join [/, [!Ref Invoices, read]]" },
    { name: "the long form", scope: "{ Fn::Join: [/, [{ Ref: Invoices }, read]] }" },
  ])("is resolved from $name", async ({ scope }) => {
    expect(await read(scope)).toMatchObject({ value: { settings: { clients: [{ scopes: ["invoices/read"] }] } } });
  });

  it.each([
    { name: "!GetAtt", scope: "!GetAtt Pool.Arn", named: "`Fn::GetAtt`" },
    { name: "!ImportValue", scope: "!ImportValue other", named: "`Fn::ImportValue`" },
    { name: "!If", scope: "!If [IsLive, a, b]", named: "`Fn::If`" },
    { name: "a tag of another tool", scope: "!include scopes.yaml", named: "`Fn::include`" },
    { name: "bytes", scope: "!!binary aaaa", named: "cannot be resolved" },
    { name: "a number", scope: "7", named: "not the name of a scope" },
  ])("is a fault with $name", async ({ scope, named }) => {
    expect(await read(scope)).toMatchObject({ failure: [{ message: expect.stringContaining(named) }] });
  });
});

/** An expression and the text that it stands for; `undefined`: the template does not decide it. */
type Sample = readonly [expression: unknown, text: string | undefined];

const atom: fc.Arbitrary<Sample> = fc.oneof(
  fc.constantFrom("a", "read", "/", VARIABLE("x")).map((text): Sample => [text, text]),
  fc.constantFrom<Sample>([{ Ref: "Invoices" }, "invoices"], [{ Ref: "Prefix" }, "p"], [{ Ref: "Pool" }, undefined]),
  fc.constantFrom<Sample>([{ "Fn::ImportValue": "x" }, undefined], [{ Ref: "AWS::Region" }, undefined], [7, undefined]),
);
const sample: fc.Arbitrary<Sample> = fc.letrec<{ sample: Sample; join: Sample; sub: Sample }>((tie) => ({
  sample: fc.oneof({ maxDepth: 3 }, atom, tie("join"), tie("sub")),
  join: fc.array(tie("sample"), { maxLength: 3 }).map((parts): Sample => {
    const texts = parts.map(([, text]) => text);
    return [
      { "Fn::Join": ["-", parts.map(([part]) => part)] },
      texts.includes(undefined) ? undefined : texts.join("-"),
    ];
  }),
  sub: tie("sample").map(([part, text]): Sample => {
    const written = `<${VARIABLE("Prefix")}${VARIABLE("It")}${VARIABLE("!It")}>`;
    return [{ "Fn::Sub": [written, { It: part }] }, text === undefined ? undefined : `<p${text}${VARIABLE("It")}>`];
  }),
})).sample;

it("a client gets exactly the scopes that its expressions stand for, or nothing is read", () => {
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 4 }), (samples) => {
      const read = fromCloudFormation(
        template(
          samples.map(([part]) => part),
          parameters({ Default: "p" }),
        ),
      );
      const expected = samples.map(([, text]) => text);
      if (expected.includes(undefined) || expected.includes("")) expect(read.ok).toBe(false);
      else expect(read).toMatchObject({ value: { settings: { clients: [{ id: "web", scopes: expected }] } } });
    }),
    runs(500),
  );
});
