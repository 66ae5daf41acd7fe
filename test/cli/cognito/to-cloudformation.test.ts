import { loadAwsServiceSpec } from "@aws-cdk/aws-service-spec";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { toCloudFormation } from "../../../src/cli/cognito/to-cloudformation.ts";
import { runs } from "../../support/policy/random-policy.ts";
import { randomSettings } from "./random-settings.ts";

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
      fc.property(randomSettings, (written) => {
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
      fc.property(randomSettings, (written) => {
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
});
