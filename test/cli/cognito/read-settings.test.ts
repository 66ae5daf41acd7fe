import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../../src/cli/cognito/read-settings.ts";
import { toCloudFormation } from "../../../src/cli/cognito/to-cloudformation.ts";
import { toTerraform } from "../../../src/cli/cognito/to-terraform.ts";
import { runs } from "../../support/policy/random-policy.ts";
import { randomSettings } from "./random-settings.ts";

describe.each([
  { format: "cloudformation", write: toCloudFormation },
  { format: "terraform", write: toTerraform },
])("$format", ({ write }) => {
  it("is read back as what was written", () => {
    fc.assert(
      fc.property(randomSettings, (written) => {
        const read = readSettings(JSON.parse(JSON.stringify(write(written))));
        expect(read).toEqual({ ok: true, value: { settings: written, remarks: [] } });
      }),
      runs(500),
    );
  });
});

describe("readSettings", () => {
  it.each([
    { name: "no object", input: [] },
    { name: "an object of another kind", input: { UserPool: { Id: "eu-central-1_A1b2C3d4E" } } },
  ])("does not take $name for settings", ({ input }) => {
    expect(readSettings(input)).toBeUndefined();
  });

  it.each([
    { name: "a resource server without an identifier", input: { ResourceServers: [{ Name: "x" }] } },
    { name: "a resource server that is null", input: { ResourceServers: [null] } },
    { name: "a client without an id", input: { UserPoolClient: { ClientName: "x" } } },
    { name: "resource servers that are no list", input: { ResourceServers: {} } },
    { name: "a client that is a list", input: { UserPoolClient: [] } },
    { name: "a template without resources", input: { Resources: [] } },
    { name: "a configuration without resources", input: { resource: "x" } },
    { name: "a state without values", input: { format_version: "1.0", values: null } },
  ])("names $name as a fault, and reads nothing", ({ input }) => {
    expect(readSettings(input)).toEqual({
      ok: false,
      failure: [{ place: expect.any(String), message: expect.stringMatching(/\.$/) }],
    });
  });
});
