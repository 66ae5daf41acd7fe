import { expect, it } from "vitest";
import { guaranteeFindings } from "../../../src/cli/check/guarantee-findings.ts";
import { coloursFor } from "../../../src/cli/print/colours.ts";
import { formatProofs } from "../../../src/cli/prove/format-proofs.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const cognito = (issuer: string) => ({ issuer, profile: "cognito" });
const ISSUERS = { main: cognito("https://issuer.example"), partner: cognito("https://partner.example") };
const guarantees = [{ under: ["/orders"], never: true, issuers: ["partner"] }];

it.each([
  { name: "several issuers", issuers: ISSUERS, expected: "an unregistered client of partner" },
  { name: "one issuer", issuers: { partner: ISSUERS.partner }, expected: "an unregistered client" },
])("names the issuer of a caller where the policy has $name", ({ issuers, expected }) => {
  const policy = compiled(policyFileWith({ issuers, guarantees }));
  const text = formatProofs(prove(policy), policy, () => "routes.json:1:1", coloursFor({ isTTY: false })).join("\n");
  expect(text).toContain(`GET /orders  by ${expected}, with read:orders`);
  const [finding] = guaranteeFindings(policy, () => {});
  expect(finding?.message).toContain(
    `${expected.replace("partner", "`partner`")} with https://api.example/read:orders`,
  );
});
