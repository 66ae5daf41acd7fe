import { describe, expect, it } from "vitest";
import { admit } from "../../src/token/admit.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import { claimsOf, NOW_MS } from "../support/token/tokens.ts";

const API = "https://api.example";
const ours = { issuer: "https://ours.example", profile: "cognito", registeredClientsOnly: true };
const partner = { issuer: "https://partner.example", profile: "cognito", registeredClientsOnly: true };
const scopes = ["read:orders", "write:orders"];

/** A token that the partner's issuer gave a client of its own, whose id is that of our most powerful client. */
const minted = claimsOf({ iss: partner.issuer, client_id: "admin", scope: `${API}/write:orders` });

/** Once, a registration counted for every issuer, so a partner's issuer could mint tokens of any registered client. */
describe("a partner's issuer that mints the client id `admin`", () => {
  it.each([
    {
      name: "does not get what our `admin` may have",
      clients: { admin: { issuer: "ours", scopes } },
      expected: "client-mismatch",
    },
    {
      name: "gets what its own `admin` may have",
      clients: { admin: { issuer: "ours", scopes }, theirs: { id: "admin", issuer: "partner", scopes: [] } },
      expected: "accepted",
    },
  ])("$name", ({ clients, expected }) => {
    const policy = compiled(policyFileWith({ issuers: { ours, partner }, clients }));
    const [issuer] = [...policy.issuers.values()].filter(({ name }) => name === "partner");
    const admission = issuer && admit(minted, issuer, policy, NOW_MS);
    expect(admission && outcomeOf(admission)).toBe(expected);
    expect(admission && "granted" in admission ? admission.granted.names : []).toEqual([]);
  });
});
