import { createHash } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { createAuthenticator } from "../../../src/token/authenticate.ts";
import { createBindingCheck } from "../../../src/token/binding/binding-check.ts";
import { FakeKeyStore, keySetOf } from "../../support/keys/fake-key-store.ts";
import { issuerOf, policyOf } from "../../support/policy/example-policy.ts";
import { outcomeOf } from "../../support/token/outcome.ts";
import { presentedOf } from "../../support/token/presented.ts";
import { claimsOf, createSigner, NOW_MS, signToken } from "../../support/token/tokens.ts";

const fingerprint = (text: string) => createHash("sha256").update(text).digest("hex");
const thumbprint = (text: string) => createHash("sha256").update(text).digest("base64url");
const connection = (text: string, changes = {}) =>
  presentedOf({
    tlsClientAuth: {
      ...{ certPresented: "1", certVerified: "SUCCESS", certRevoked: "0" },
      ...{ certFingerprintSHA256: fingerprint(text), ...changes },
    },
  });
const MTLS = { cnf: { "x5t#S256": thumbprint("mine") } };
const DPOP = { cnf: { jkt: thumbprint("key") } };
const ACCEPTED = { dpop: "accepted", mtls: "accepted" } as const;

let signer: Awaited<ReturnType<typeof createSigner>>;

beforeAll(async () => {
  signer = await createSigner("ES256");
});

function authenticatorOf(binding: Parameters<typeof issuerOf>[0], mtls?: { trust: "verified" | "binding-only" }) {
  const policy = { ...policyOf([issuerOf({ algorithms: new Set(["ES256"]), ...binding })]), ...(mtls && { mtls }) };
  const check = createBindingCheck(policy);
  const keys = new FakeKeyStore(keySetOf(signer.key));
  return createAuthenticator({ policy, keys, now: () => NOW_MS }, undefined, check ? [check] : []);
}

it.each([
  { name: "its certificate", claims: MTLS, presented: connection("mine"), expected: "accepted" },
  { name: "another certificate", claims: MTLS, presented: connection("other"), expected: "token-binding-mismatch" },
  { name: "no certificate", claims: MTLS, presented: presentedOf(), expected: "token-binding-mismatch" },
  {
    name: "a revoked certificate",
    claims: MTLS,
    presented: connection("mine", { certRevoked: "1" }),
    expected: "token-binding-mismatch",
  },
  {
    name: "an unverified certificate",
    claims: MTLS,
    presented: connection("mine", { certVerified: "FAILED:self signed certificate" }),
    expected: "token-binding-mismatch",
  },
  {
    name: "a proof that nothing checks",
    claims: DPOP,
    presented: presentedOf(),
    expected: "token-binding-unsupported",
  },
  { name: "no binding, and any certificate", claims: {}, presented: connection("mine"), expected: "accepted" },
])(
  "a token with $name has the outcome $expected, also when it is remembered",
  async ({ claims, presented, expected }) => {
    const authenticate = authenticatorOf({ binding: ACCEPTED });
    const header = `Bearer ${await signToken(signer, claimsOf(claims))}`;
    expect(outcomeOf(await authenticate(header, presented, () => {}))).toBe(expected);
    expect(outcomeOf(await authenticate(header, presented, () => {}))).toBe(expected);
  },
);

it("a remembered token is refused on a connection with another certificate", async () => {
  const authenticate = authenticatorOf({ binding: ACCEPTED });
  const header = `Bearer ${await signToken(signer, claimsOf(MTLS))}`;
  expect(outcomeOf(await authenticate(header, connection("mine"), () => {}))).toBe("accepted");
  expect(outcomeOf(await authenticate(header, connection("other"), () => {}))).toBe("token-binding-mismatch");
  expect(outcomeOf(await authenticate(header, connection("mine"), () => {}))).toBe("accepted");
});

it("an unverified certificate counts where the policy says so, and a revoked one never", async () => {
  const authenticate = authenticatorOf({ binding: ACCEPTED }, { trust: "binding-only" });
  const header = `Bearer ${await signToken(signer, claimsOf(MTLS))}`;
  const selfSigned = connection("mine", { certVerified: "FAILED:self signed certificate" });
  expect(outcomeOf(await authenticate(header, selfSigned, () => {}))).toBe("accepted");
  const revoked = connection("mine", { certRevoked: "1" });
  expect(outcomeOf(await authenticate(header, revoked, () => {}))).toBe("token-binding-mismatch");
});

it.each([
  { binding: { dpop: "required", mtls: "refused" }, expected: ["token-binding-missing", "token-binding-unsupported"] },
  { binding: { dpop: "required", mtls: "required" }, expected: ["token-binding-missing", "accepted"] },
  { binding: { dpop: "refused", mtls: "required" }, expected: ["token-binding-missing", "accepted"] },
  { binding: { dpop: "required", mtls: "accepted" }, expected: ["token-binding-missing", "accepted"] },
  { binding: { dpop: "accepted", mtls: "accepted" }, expected: ["accepted", "accepted"] },
  { binding: undefined, expected: ["accepted", "token-binding-unsupported"] },
] as const)(
  "an issuer with the binding $binding: a bearer token, and one with a certificate",
  async ({ binding, expected }) => {
    const authenticate = authenticatorOf(binding ? { binding } : {});
    const outcomes = await Promise.all(
      [{}, MTLS].map(async (claims) => {
        const header = `Bearer ${await signToken(signer, claimsOf(claims))}`;
        return outcomeOf(await authenticate(header, connection("mine"), () => {}));
      }),
    );
    expect(outcomes).toEqual(expected);
  },
);

it("a policy whose issuers bind no tokens has no check", () => {
  expect(createBindingCheck(policyOf([issuerOf()]))).toBeUndefined();
});
