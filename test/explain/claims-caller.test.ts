import { describe, expect, it } from "vitest";
import { callerWithClaims } from "../../src/explain/claims-caller.ts";
import { dryRun } from "../../src/explain/dry-run.ts";
import { PROFILE_NAMES } from "../../src/policy/profiles.ts";
import type { Claims } from "../../src/token/jws.ts";
import { API, issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { NOTES, notesFile } from "../support/policy/notes-policy.ts";
import { compiled } from "../support/policy/policy-file.ts";
import { presentedOf } from "../support/token/presented.ts";

const audiences = new Set([API, "customer"]);

async function reasonOf(claims: Claims, policy = compiled(notesFile())) {
  const caller = callerWithClaims(claims, policy, [...policy.issuers.values()]);
  const { denial, exchange } = await dryRun(
    policy,
    { method: "GET", url: "https://notes.example/notes/1" },
    caller.authenticate,
  );
  return denial?.reason ?? exchange.authentication?.token.issuer.name;
}

describe.each(PROFILE_NAMES)("claims of a token of profile %s", (profile) => {
  it.each([
    { name: "are accepted with what the profile requires", claims: {}, expected: undefined },
    { name: "are refused with an audience that is not accepted", claims: { aud: "no" }, expected: "audience-mismatch" },
    { name: "are refused with a time of the wrong type", claims: { exp: "soon" }, expected: "claim-missing" },
    {
      name: "are refused if they bind the token",
      claims: { cnf: { jkt: "k" } },
      expected: "token-binding-unsupported",
    },
  ])("$name", async ({ claims, expected }) => {
    const policy = policyOf([issuerOf({ profile, audiences })]);
    const [issuer] = policy.issuers.values();
    const caller = callerWithClaims(claims, policy, issuer ? [issuer] : []);
    const found = await caller.authenticate?.(null, presentedOf(), () => {});
    expect(found && "reason" in found ? found.reason : undefined).toBe(expected);
  });
});

describe("claims", () => {
  it.each([
    {
      name: "come from the first issuer that accepts them",
      claims: { azp: "mirror", iat: "wrong" },
      expected: "claim-missing",
    },
    { name: "of no client come from an issuer that takes any client", claims: {}, expected: "main" },
    { name: "of a client by `azp` come from the issuer that takes it", claims: { azp: "mirror" }, expected: "partner" },
    {
      name: "with `iss` come from that issuer",
      claims: { iss: "https://partner.example", azp: "mirror" },
      expected: "partner",
    },
    { name: "with `iss` of nobody are refused", claims: { iss: "https://else.example" }, expected: "issuer-unknown" },
    { name: "with an `iss` that is no text are refused", claims: { iss: 1 }, expected: "claim-missing" },
    {
      name: "need the client's own `client_id` where the profile does",
      claims: { iss: "https://issuer.example", azp: "web" },
      expected: "claim-missing",
    },
  ])("$name", async ({ claims, expected }) => {
    expect(await reasonOf(claims)).toBe(expected);
  });

  it("are refused by a policy without issuers", async () => {
    const caller = callerWithClaims({}, policyOf([]), []);
    expect(await caller.authenticate?.(null, presentedOf(), () => {})).toMatchObject({ reason: "issuer-unknown" });
  });

  it("grant their scopes, and no others", async () => {
    const policy = compiled(notesFile());
    const caller = callerWithClaims({ scope: "read:notes admin" }, policy, [...policy.issuers.values()]);
    expect(await caller.authenticate?.(null, presentedOf(), () => {})).toMatchObject({
      token: { granted: { names: [`${NOTES}/read:notes`] } },
    });
  });
});
