import { describe, expect, it } from "vitest";
import { lint, lintsWithCode, withMembers } from "../../../../../support/policy/lints.ts";

const ENTRA = {
  issuer: "https://login.example/{tenant}/v2.0",
  jwksUri: "https://login.example/keys",
  tenantClaim: "tid",
  profile: "generic",
  audiences: ["api"],
};
const withEntra = (members: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  withMembers({ issuers: { entra: { ...ENTRA, ...members } }, ...more });
const REASON = { lint: { "any-tenant": "Upstreams bill by tenant." } };

describe("an issuer of any tenant", () => {
  it.each([
    { name: "is reported", file: withEntra({ tenants: "any" }), expected: ["any-tenant $.issuers.entra.tenants"] },
    {
      name: "is none that lists its tenants",
      file: withEntra({ tenants: ["11111111-1111-4111-8111-111111111111"] }),
      expected: [],
    },
    { name: "is fine for a reason", file: withEntra({ tenants: "any", ...REASON }), expected: [] },
    {
      name: "is fine where no route reads a token",
      file: withEntra(
        { tenants: "any" },
        { routes: [{ path: "/a", methods: ["GET"], public: true, upstream: "orders" }] },
      ),
      expected: [],
    },
    {
      name: "is reported where a token is optional",
      file: withEntra(
        { tenants: "any" },
        { routes: [{ path: "/a", methods: ["GET"], optional: true, upstream: "orders" }] },
      ),
      expected: ["any-tenant $.issuers.entra.tenants"],
    },
  ])("$name", ({ file, expected }) => expect(lintsWithCode(file, "any-tenant")).toEqual(expected));

  it("is a warning, and its reason is shown", () => {
    expect(lint(withEntra({ tenants: "any" })).lints).toContainEqual(
      expect.objectContaining({ code: "any-tenant", severity: "warning", route: undefined }),
    );
    expect(lint(withEntra({ tenants: "any", ...REASON })).suppressed).toMatchObject([
      { code: "any-tenant", reason: "Upstreams bill by tenant." },
    ]);
  });

  it("needs no reason where there is nothing to suppress", () => {
    const file = withEntra({ tenants: ["11111111-1111-4111-8111-111111111111"], ...REASON });
    expect(lintsWithCode(file, "needless-silence")).toEqual(['needless-silence $.issuers.entra.lint["any-tenant"]']);
  });
});
