import { afterEach, describe, expect, it, vi } from "vitest";
import { askWhy } from "../../../../src/cli/console/why/ask-why.ts";
import { compilePolicy } from "../../../../src/policy/compile/compile-policy.ts";
import { startLoopbackIssuer } from "../../../support/cli/loopback-issuer.ts";
import { exampleFile } from "../../../support/cli/run-scopegate.ts";
import { accessClaims, createSigningKey, signClaims } from "../../../support/token/signing-key.ts";

const QUESTION = { path: "/orders", scope: [], grant: [], claim: [] };
const SCOPE = "https://api.myecommerce.com/read:orders";
const own = await createSigningKey("key-1");
const other = await createSigningKey("key-1");

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Asks with a token of an issuer whose `jwksUri` is given. */
async function judge(issuerUrl: string, jwksUri: string, hasStack: boolean, signer = own) {
  const { cognito } = exampleFile().issuers;
  const compiled = compilePolicy(exampleFile({ issuers: { cognito: { ...cognito, issuer: issuerUrl, jwksUri } } }), {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  const token = await signClaims(signer, accessClaims(issuerUrl, { scope: SCOPE }));
  const circumstances = { policy: compiled.value, day: "2026-11-28", hasStack, nowMs: Date.now() };
  const { explanation } = await askWhy(QUESTION, token, circumstances);
  return { kind: explanation.caller.kind, outcome: explanation.outcome, reason: explanation.refusal?.reason };
}

describe("the signature of a pasted token", () => {
  it.each([
    { name: "is verified with the keys of the stack's issuer", signer: own, outcome: "forwarded", reason: undefined },
    { name: "is refused if it is of another key", signer: other, outcome: "refused", reason: "signature-invalid" },
  ])("$name", async ({ signer, outcome, reason }) => {
    await using issuer = await startLoopbackIssuer();
    issuer.answer("/jwks", { keys: [own.publicJwk] });
    expect(await judge(issuer.origin, `${issuer.origin}/jwks`, true, signer)).toEqual({
      kind: "token",
      outcome,
      reason,
    });
  });

  it("is not checked without a stack, and nothing is asked", async () => {
    await using issuer = await startLoopbackIssuer();
    const found = await judge(issuer.origin, `${issuer.origin}/jwks`, false);
    expect(found).toMatchObject({ kind: "token, signature unchecked", outcome: "forwarded" });
    expect(issuer.asked).toEqual([]);
  });

  it.each(["https://issuer.example/jwks", "https://127.0.0.1.evil.example/jwks", "https://10.0.0.1/jwks"])(
    "is not checked beside a stack whose issuer is elsewhere, and nothing is asked: %s",
    async (jwksUri) => {
      const fetch = vi.fn();
      vi.stubGlobal("fetch", fetch);
      const found = await judge("https://issuer.example/pool", jwksUri, true);
      expect(found).toMatchObject({ kind: "token, signature unchecked" });
      expect(fetch).not.toHaveBeenCalled();
    },
  );
});
