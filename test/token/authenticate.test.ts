import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Denial } from "../../src/answer/denial.ts";
import { MAX_CACHED_TOKEN_AGE_MS } from "../../src/limits.ts";
import { type Authentication, createAuthenticator } from "../../src/token/authenticate.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { accepted, outcomeOf } from "../support/token/outcome.ts";
import { presentedOf } from "../support/token/presented.ts";
import { claimsOf, createSigner, NOW_MS, NOW_SECONDS, type Signer, signToken } from "../support/token/tokens.ts";

const policy = policyOf([issuerOf({ algorithms: new Set(["ES256"]) })]);
let signer: Signer;
let keys: FakeKeyStore;
let nowMs: number;
let authenticate: (token: string) => Promise<Authentication | Denial>;

beforeAll(async () => {
  signer = await createSigner("ES256");
});

beforeEach(() => {
  nowMs = NOW_MS;
  keys = new FakeKeyStore(keySetOf(signer.key));
  const made = createAuthenticator({ policy, keys, now: () => nowMs });
  authenticate = async (token) => made(`Bearer ${token}`, presentedOf(), () => {});
});

describe("createAuthenticator", () => {
  it.each([
    { name: "no header", input: null, expected: "credentials-missing" },
    { name: "two credentials", input: "Bearer a, Bearer b", expected: "credentials-malformed" },
  ])("refuses $name without looking any key up", async ({ input, expected }) => {
    const made = createAuthenticator({ policy, keys, now: () => nowMs });
    expect(outcomeOf(await made(input, presentedOf(), () => {}))).toBe(expected);
    expect(keys.asked).toEqual([]);
  });

  it("verifies a token once and remembers it", async () => {
    const token = await signToken(signer);
    const first = accepted(await authenticate(token));
    const second = accepted(await authenticate(token));
    expect(first).toMatchObject({ keySource: "memory", tokenCache: "miss" });
    expect(second).toMatchObject({ keySource: "memory", tokenCache: "hit" });
    expect(second.token).toBe(first.token);
  });

  it("says where the key came from when it verified", async () => {
    keys.held = undefined;
    keys.loaded = { keys: keySetOf(signer.key), source: "issuer" };
    expect(accepted(await authenticate(await signToken(signer)))).toMatchObject({ keySource: "issuer" });
  });

  it("answers at once for a token it remembers", async () => {
    const made = createAuthenticator({ policy, keys, now: () => nowMs });
    const header = `Bearer ${await signToken(signer)}`;
    await made(header, presentedOf(), () => {});
    expect(made(header, presentedOf(), () => {})).not.toBeInstanceOf(Promise);
  });

  it("does not take another spelling for a token it remembers", async () => {
    const token = await signToken(signer);
    await authenticate(token);
    expect(outcomeOf(await authenticate(`${token}=`))).toBe("token-malformed");
    expect(outcomeOf(await authenticate(token.slice(0, -1)))).not.toBe("accepted");
  });

  it("keeps tokens apart", async () => {
    const tokens = await Promise.all(["a", "b"].map((sub) => signToken(signer, claimsOf({ sub }))));
    for (const token of [...tokens, ...tokens]) await authenticate(token);
    const subjects = await Promise.all(tokens.map(async (token) => accepted(await authenticate(token)).token.subject));
    expect(subjects).toEqual(["a", "b"]);
  });
});

describe("a remembered token", () => {
  const es256 = { algorithms: new Set(["ES256"]) };
  it.each([
    {
      name: "has another issuer",
      next: [issuerOf({ ...es256, issuer: "https://b.example" })],
      expected: "issuer-unknown",
    },
    { name: "takes other algorithms", next: [issuerOf()], expected: "algorithm-refused" },
    {
      name: "asks for an audience",
      next: [issuerOf({ ...es256, audiences: new Set(["other"]) })],
      expected: "audience-mismatch",
    },
    {
      name: "takes registered clients only",
      next: [issuerOf({ ...es256, registeredClientsOnly: true })],
      expected: "client-mismatch",
    },
  ])("is refused at once by a policy that $name", async ({ next, expected }) => {
    const token = await signToken(signer);
    await authenticate(token);
    expect(accepted(await authenticate(token)).tokenCache).toBe("hit");
    const changed = createAuthenticator({ policy: policyOf(next), keys, now: () => nowMs });
    expect(outcomeOf(await changed(`Bearer ${token}`, presentedOf(), () => {}))).toBe(expected);
  });

  it("is refused once its key is gone from the key set", async () => {
    const token = await signToken(signer);
    accepted(await authenticate(token));
    keys.held = keySetOf({ ...(await createSigner("ES256")).key, kid: "new" });
    expect(outcomeOf(await authenticate(token))).toBe("key-unknown");
    expect(keys.asked.at(-1)).toBe(`find main key-1 ${NOW_SECONDS}`);
  });

  it("stays refused when the key comes back, until it is verified again", async () => {
    const token = await signToken(signer);
    accepted(await authenticate(token));
    keys.held = keySetOf({ ...(await createSigner("ES256")).key, kid: "new" });
    await authenticate(token);
    keys.held = keySetOf(signer.key);
    expect(accepted(await authenticate(token)).tokenCache).toBe("miss");
  });

  it("is refused once another key has its kid", async () => {
    const token = await signToken(signer);
    accepted(await authenticate(token));
    keys.held = keySetOf((await createSigner("ES256")).key);
    expect(outcomeOf(await authenticate(token))).toBe("signature-invalid");
  });

  it("is verified again when its key is another object", async () => {
    const token = await signToken(signer);
    await authenticate(token);
    keys.held = keySetOf({ ...signer.key });
    expect(accepted(await authenticate(token)).tokenCache).toBe("miss");
    expect(accepted(await authenticate(token)).tokenCache).toBe("hit");
  });

  it("is refused with keys-unavailable once no keys are usable", async () => {
    const token = await signToken(signer);
    await authenticate(token);
    keys.held = undefined;
    expect(outcomeOf(await authenticate(token))).toBe("keys-unavailable");
  });

  it("survives a new key set that still has its key", async () => {
    const token = await signToken(signer);
    await authenticate(token);
    keys.held = keySetOf({ ...(await createSigner("ES256")).key, kid: "new" }, signer.key);
    expect(accepted(await authenticate(token)).tokenCache).toBe("hit");
  });

  it("is verified again from exp on, and accepted within the clock tolerance", async () => {
    const token = await signToken(signer, claimsOf({ exp: NOW_SECONDS + 60 }));
    await authenticate(token);
    nowMs = NOW_MS + 59_999;
    expect(accepted(await authenticate(token)).tokenCache).toBe("hit");
    nowMs = NOW_MS + 60_000;
    expect(accepted(await authenticate(token)).tokenCache).toBe("miss");
    nowMs = NOW_MS + 64_999;
    expect(accepted(await authenticate(token)).tokenCache).toBe("miss");
    nowMs = NOW_MS + 65_000;
    expect(outcomeOf(await authenticate(token))).toBe("token-expired");
  });

  it("is verified again after five minutes", async () => {
    const token = await signToken(signer);
    await authenticate(token);
    nowMs = NOW_MS + MAX_CACHED_TOKEN_AGE_MS - 1;
    expect(accepted(await authenticate(token)).tokenCache).toBe("hit");
    nowMs = NOW_MS + MAX_CACHED_TOKEN_AGE_MS;
    expect(accepted(await authenticate(token)).tokenCache).toBe("miss");
  });
});

describe("a denial", () => {
  it("is not remembered: a token that was too early is accepted in time", async () => {
    const token = await signToken(signer, claimsOf({ nbf: NOW_SECONDS + 60 }));
    expect(outcomeOf(await authenticate(token))).toBe("token-not-yet-valid");
    nowMs = NOW_MS + 60_000;
    expect(accepted(await authenticate(token)).tokenCache).toBe("miss");
  });

  it("is not remembered: a token whose key was unknown is accepted once it is there", async () => {
    const token = await signToken(signer);
    keys.held = keySetOf({ ...signer.key, kid: "old" });
    expect(outcomeOf(await authenticate(token))).toBe("key-unknown");
    keys.held = keySetOf(signer.key);
    expect(accepted(await authenticate(token)).tokenCache).toBe("miss");
  });

  it("is not remembered: a token refused for want of keys is accepted once there are some", async () => {
    const token = await signToken(signer);
    keys.held = undefined;
    expect(outcomeOf(await authenticate(token))).toBe("keys-unavailable");
    keys.loaded = { keys: keySetOf(signer.key), source: "kv" };
    expect(accepted(await authenticate(token)).tokenCache).toBe("miss");
  });
});
