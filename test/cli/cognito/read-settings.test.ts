import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCloudFormation } from "../../../src/cli/cognito/cloudformation.ts";
import { readSettings } from "../../../src/cli/cognito/read-settings.ts";
import { toTerraform } from "../../../src/cli/cognito/terraform.ts";
import { runs } from "../../support/policy/random-policy.ts";
import { randomSettings } from "./random-settings.ts";

describe.each([
  { format: "cloudformation", write: toCloudFormation },
  { format: "terraform", write: toTerraform },
])("$format", ({ write }) => {
  it("is read back as what was written", () => {
    fc.assert(
      fc.property(randomSettings, (written) => {
        expect(readSettings(JSON.parse(JSON.stringify(write(written))))).toEqual(written);
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

  it("leaves out what has no identifier", () => {
    expect(readSettings({ ResourceServers: [{ Name: "x" }, null] })).toMatchObject({ servers: [], clients: [] });
    expect(readSettings({ UserPoolClient: { ClientName: "x" } })).toMatchObject({ servers: [], clients: [] });
  });
});
