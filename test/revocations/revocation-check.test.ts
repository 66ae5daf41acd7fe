import { beforeAll, expect, it } from "vitest";
import { createRevocations } from "../../src/revocations/revocation-check.ts";
import { REVOCATIONS_KEY, serializeRevocations } from "../../src/revocations/revocation-value.ts";
import { createAuthenticator } from "../../src/token/authenticate.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { FakeKv, startClock } from "../support/keys/virtual-world.ts";
import { issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import { presentedOf } from "../support/token/presented.ts";
import { claimsOf, createSigner, NOW_MS, NOW_SECONDS, type Signer, signToken } from "../support/token/tokens.ts";

const issuer = issuerOf({ algorithms: new Set(["ES256"]) });
let signer: Signer;

beforeAll(async () => {
  signer = await createSigner("ES256");
});

function gate() {
  const kv = new FakeKv();
  let elapsedMs = 0;
  const now = () => NOW_MS + elapsedMs;
  const revocations = createRevocations(
    { refreshSeconds: 30, maxStaleSeconds: 60, onStale: "refuse" },
    { kv, now, sleep: startClock().sleep, log: () => {} },
  );
  const keys = new FakeKeyStore(keySetOf(signer.key));
  const authenticate = createAuthenticator({ policy: policyOf([issuer]), keys, now }, undefined, [revocations.check]);
  return {
    kv,
    status: () => revocations.status(() => {}),
    advance: (ms: number) => (elapsedMs += ms),
    revoke: (...entries: Parameters<typeof serializeRevocations>[0]) =>
      kv.values.set(REVOCATIONS_KEY, serializeRevocations(entries)),
    present: async (token: string) => authenticate(`Bearer ${token}`, presentedOf(), () => {}),
  };
}

const UNTIL = NOW_SECONDS + 600;

it("a token that the gateway remembers is refused once it is revoked, and another one is not", async () => {
  const { revoke, present, advance } = gate();
  const [token, other] = await Promise.all(["one", "two"].map((jti) => signToken(signer, claimsOf({ jti }))));
  expect(outcomeOf(await present(token ?? ""))).toBe("accepted");
  revoke({ issuer: issuer.name, tokenId: "one", until: UNTIL });
  expect(outcomeOf(await present(token ?? ""))).toBe("accepted");
  advance(30_000);
  expect(outcomeOf(await present(token ?? ""))).toBe("token-revoked");
  expect(outcomeOf(await present(other ?? ""))).toBe("accepted");
});

it("the log says whose token it was and which kind of entry names it, and nothing of its value", async () => {
  const { revoke, present } = gate();
  revoke({ issuer: issuer.name, tokenId: "secret-id", until: UNTIL });
  const denial = await present(await signToken(signer, claimsOf({ jti: "secret-id" })));
  expect(denial).toMatchObject({
    reason: "token-revoked",
    detail: "The token's `jti` is revoked.",
    token: { isVerified: true, issuer: issuer.issuer },
  });
});

it("without a list that may be used, every token is refused for now, and forged ones for good", async () => {
  const { kv, present, advance, status } = gate();
  const token = await signToken(signer);
  expect(outcomeOf(await present(token))).toBe("accepted");
  kv.mode = "throws";
  advance(60_000);
  expect(outcomeOf(await present(token))).toBe("accepted");
  advance(1);
  const denial = await present(token);
  expect(denial).toMatchObject({ reason: "revocations-unavailable", retryAfterSeconds: 1 });
  expect(await status()).toMatchObject({ usable: false, lastError: "read-failed" });
  expect(outcomeOf(await present(`${token.slice(0, -4)}AAAA`))).toBe("signature-invalid");
});
