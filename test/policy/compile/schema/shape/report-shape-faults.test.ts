import { describe, expect, it } from "vitest";
import { policyConfigSchema } from "../../../../../src/policy/compile/schema/config-schema.ts";
import { reportShapeFaults } from "../../../../../src/policy/compile/schema/shape/report-shape-faults.ts";
import { formatFault } from "../../../../../src/policy/fault.ts";
import { policyFileWith, policyFileWithRoute } from "../../../../support/policy/policy-file.ts";

function shapeFaultsOf(config: unknown): readonly string[] {
  const faults: string[] = [];
  reportShapeFaults(policyConfigSchema, config, (path, message, hint) =>
    faults.push(formatFault({ path, message, hint })),
  );
  return faults;
}

const ISSUER = { issuer: "https://issuer.example", profile: "generic", audiences: ["a"] };
const issuerWith = (changes: Readonly<Record<string, unknown>>) =>
  policyFileWith({ issuers: { main: { ...ISSUER, ...changes } } });
const guaranteeWith = (changes: Readonly<Record<string, unknown>>) => policyFileWith({ guarantees: [changes] });

describe("the hint at an empty value is no fault itself", () => {
  it.each([
    { place: "$.routes", config: policyFileWith({ routes: [] }) },
    { place: "$.routes[0].methods", config: policyFileWithRoute({ methods: [], public: true }) },
    { place: "$.routes[0].scopes", config: policyFileWithRoute({ scopes: [] }) },
    { place: "$.routes[0].scopes.anyOf", config: policyFileWithRoute({ scopes: { anyOf: [] } }) },
    { place: "$.routes[0].scopes[0].allOf", config: policyFileWithRoute({ scopes: [{ allOf: [] }] }) },
    { place: "$.issuers.main.audiences", config: issuerWith({ audiences: [] }) },
    { place: "$.issuers.main.algorithms", config: issuerWith({ algorithms: [] }) },
    { place: "$.cors.origins", config: policyFileWith({ cors: { origins: [] } }) },
    { place: "$.guarantees[0].requires", config: guaranteeWith({ requires: [] }) },
    { place: "$.guarantees[0].methods", config: guaranteeWith({ methods: [], never: true }) },
  ])("of the list $place", ({ place, config }) => {
    expect(shapeFaultsOf(config)).toEqual([`${place}: This is empty. List at least one.`]);
  });

  it.each([
    { place: "$.issuers.main.issuer", config: issuerWith({ issuer: "" }) },
    { place: "$.routes[0].path", config: policyFileWithRoute({ path: "", public: true }) },
    { place: "$.routes[0].methods[0]", config: policyFileWithRoute({ methods: [""], public: true }) },
    { place: "$.routes[0].upstream", config: policyFileWithRoute({ upstream: "", public: true }) },
    { place: "$.upstreams.orders.url", config: policyFileWith({ upstreams: { orders: { url: "" } } }) },
  ])("of the text $place", ({ place, config }) => {
    expect(shapeFaultsOf(config)).toEqual([`${place}: This is empty. Write at least one character.`]);
  });
});

describe("a member that an object must have", () => {
  it.each([
    { place: "$.issuers.main.issuer", config: policyFileWith({ issuers: { main: { profile: "cognito" } } }) },
    { place: "$.issuers.main.profile", config: policyFileWith({ issuers: { main: { issuer: "https://i.example" } } }) },
    {
      place: "$.resourceServers.r.scopes.read.description",
      config: policyFileWith({ resourceServers: { r: { scopes: { read: { implies: [] } } } } }),
    },
    { place: "$.clients.web.scopes", config: policyFileWith({ clients: { web: {} } }) },
    { place: "$.cors.origins", config: policyFileWith({ cors: {} }) },
  ])("and lacks is a fault: $place", ({ place, config }) => {
    expect(shapeFaultsOf(config)).toEqual([
      `${place}: \`${place.split(".").at(-1)}\` is missing. Add it: it has no default.`,
    ]);
  });
});
