import { describe, expect, test } from "vitest";
import { loadCompiledPolicy } from "../../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../../../src/policy/compiled/serialize-policy.ts";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const withIssuer = (members: Record<string, unknown>) =>
  policyFileWith({ issuers: { main: { issuer: "https://issuer.example", profile: "cognito", ...members } } });
const settingsOf = (members: Record<string, unknown>) => {
  const { acrClaim, acrOrder } = [...compiled(withIssuer(members)).issuers.values()][0] ?? {};
  return { acrClaim, acrOrder };
};

describe("how tokens say how the user authenticated", () => {
  test.each([
    { name: "by default in `acr`, without an order", input: {}, expected: {} },
    { name: "in `acr`, written out", input: { acrClaim: "acr" }, expected: {} },
    { name: "in another claim", input: { acrClaim: "acrs" }, expected: { acrClaim: ["acrs"] } },
    { name: "inside a claim", input: { acrClaim: "/ext/acr" }, expected: { acrClaim: ["ext", "acr"] } },
    {
      name: "in a claim that is named by a URL",
      input: { acrClaim: "https://shop.example/acr" },
      expected: { acrClaim: ["https://shop.example/acr"] },
    },
    { name: "in an order", input: { acrOrder: ["0", "1"] }, expected: { acrOrder: ["0", "1"] } },
  ])("$name", ({ input, expected }) => {
    expect(settingsOf(input)).toEqual({ acrClaim: undefined, acrOrder: undefined, ...expected });
  });

  const routes = [{ path: "/orders", methods: ["GET"], authenticated: true, upstream: "orders" }];
  const asking = routes.map((route) => ({ ...route, authentication: { acr: ["pwd"] } }));
  test.each([
    { name: "with variables", routes: asking, expected: { acrClaim: ["acrs"], acrOrder: ["pwd", "c1"] } },
    { name: "and nothing reads it where no route asks", routes, expected: {} },
  ])("$name", ({ routes, expected }) => {
    const file = { ...withIssuer({ acrClaim: `\${ACR_CLAIM}`, acrOrder: ["pwd", `\${MFA}`] }), routes };
    const vars = { ACR_CLAIM: "acrs", MFA: "c1" };
    const built = compileForWorker(file, vars);
    const loaded = built.ok
      ? loadCompiledPolicy(JSON.parse(JSON.stringify(built.value)), vars, OPTIONAL_MODULES)
      : undefined;
    if (!loaded?.ok) throw new Error("no policy");
    const { acrClaim, acrOrder } = [...loaded.value.issuers.values()][0] ?? {};
    expect({ acrClaim, acrOrder }).toEqual({ acrClaim: undefined, acrOrder: undefined, ...expected });
  });
});

const NEVER = "Name the claim with the class, such as `acr` or `acrs`.";

describe("settings of an issuer are refused", () => {
  test.each([
    ...["iss", "aud", "exp", "nbf", "iat", "cnf", "sub", "jti", "client_id", "azp", "auth_time"].map((name) => ({
      name: `the claim ${name}`,
      input: { acrClaim: name },
      expected: [`$.issuers.main.acrClaim: The claim \`${name}\` is never a class of authentication. ${NEVER}`],
    })),
    {
      name: "what is no pointer",
      input: { acrClaim: "/a~b" },
      expected: ['$.issuers.main.acrClaim: This is not a JSON Pointer. Write "~0" for "~".'],
    },
    {
      name: "an order with a class twice",
      input: { acrOrder: ["a", "b", "a"] },
      expected: ["$.issuers.main.acrOrder[2]: This class is already listed. Remove it."],
    },
    {
      name: "an order with a blank",
      input: { acrOrder: ["a b"] },
      expected: [expect.stringContaining("$.issuers.main.acrOrder[0]: A class of authentication has only printable")],
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(withIssuer(input))).toEqual(expected);
  });

  test("an empty order", () => {
    expect(faultsOf(withIssuer({ acrOrder: [] }))).toHaveLength(1);
  });
});
