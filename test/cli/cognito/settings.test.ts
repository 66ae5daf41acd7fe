import { describe, expect, it } from "vitest";
import { settingsOf } from "../../../src/cli/cognito/settings.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const pool = { issuer: "https://pool.example", profile: "cognito" as const };
const partner = { issuer: "https://partner.example", profile: "generic" as const, audiences: ["api"] };

describe("settingsOf", () => {
  it.each([
    { name: "all clients of the only issuer", issuers: { partner }, issuer: "partner", expected: ["app"] },
    { name: "the clients of a pool", issuers: { pool, partner }, issuer: "pool", expected: ["app"] },
    { name: "no client of an issuer that is no pool", issuers: { pool, partner }, issuer: "partner", expected: [] },
  ])("gives $name", ({ issuers, issuer, expected }) => {
    const file = policyFileWith({ issuers, clients: { app: { id: "1", issuer, scopes: [] } } });
    expect(settingsOf(file as never, compiled(file)).clients.map(({ id }) => id)).toEqual(expected);
  });
});
