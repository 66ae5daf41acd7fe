import { calculateJwkThumbprint } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { Denial } from "../../../../src/answer/denial.ts";
import type { PresentedRequest } from "../../../../src/token/authenticate.ts";
import type { Nonces } from "../../../../src/token/binding/dpop/nonces.ts";
import { createProofCheck } from "../../../../src/token/binding/dpop/proof-check.ts";
import { createIsolateReplayStore, type ReplayStore } from "../../../../src/token/binding/dpop/replay-store.ts";
import type { VerifiedToken } from "../../../../src/token/verify.ts";
import { issuerOf } from "../../../support/policy/example-policy.ts";
import { createProofKey, hashOf, type ProofKey, signProof } from "../../../support/token/dpop-proof.ts";
import { NOW_MS } from "../../../support/token/tokens.ts";

type Claims = Readonly<Record<string, unknown>>;

const TOKEN = "a.b.c";
const SETTINGS = { algorithms: ["ES256"], maxAgeSeconds: 60 };
const NONCES: Nonces = { current: "new", previous: "old" };

let key: ProofKey;
let token: VerifiedToken;

beforeAll(async () => {
  key = await createProofKey();
  const confirmation = { method: "dpop", thumbprint: await calculateJwkThumbprint(key.publicJwk) } as const;
  // The check reads no other member.
  token = { issuer: issuerOf(), confirmation } as VerifiedToken;
});

async function presentedWith(
  claims: Claims = {},
  authorization = `DPoP ${TOKEN}`,
  by = key,
): Promise<PresentedRequest> {
  const url = new URL("https://gw.example/orders?page=1");
  const usual = { htm: "GET", htu: "https://gw.example/orders", iat: NOW_MS / 1000, jti: "1", ath: hashOf(TOKEN) };
  const headers = { authorization, dpop: await signProof(by, { ...usual, ...claims }) };
  const request = new Request(url, { headers });
  return { request, method: "GET", headers: request.headers, url, origin: url.origin, path: url.pathname };
}

function checkWith({ nonces, store = createIsolateReplayStore() }: { nonces?: Nonces; store?: ReplayStore } = {}) {
  const told: PresentedRequest[] = [];
  const check = createProofCheck({
    settings: SETTINGS,
    store,
    nonces: nonces && (async () => nonces),
    onOldNonce: (presented) => told.push(presented),
    now: () => NOW_MS,
  });
  const reasonOf = async (presented: PresentedRequest, of: VerifiedToken = token) =>
    (await check(of, presented, () => {}))?.reason;
  return { reasonOf, told, check };
}

describe("the check of proofs", () => {
  it("accepts a proof once", async () => {
    const { reasonOf } = checkWith();
    const presented = await presentedWith();
    expect(await reasonOf(presented)).toBeUndefined();
    expect(await reasonOf(presented)).toBe("dpop-proof-invalid");
    expect(await reasonOf(await presentedWith({ jti: "2" }))).toBeUndefined();
  });

  it.each([
    { name: "the current nonce", nonce: "new", expected: undefined, told: 0 },
    { name: "the nonce before, and the next answer has the new one", nonce: "old", expected: undefined, told: 1 },
    { name: "an older nonce", nonce: "older", expected: "dpop-nonce-required", told: 0 },
    { name: "no nonce", nonce: undefined, expected: "dpop-nonce-required", told: 0 },
    { name: "an empty nonce", nonce: "", expected: "dpop-nonce-required", told: 0 },
  ])("with $name has the outcome $expected", async ({ nonce, expected, told: times }) => {
    const { reasonOf, told } = checkWith({ nonces: NONCES });
    expect(await reasonOf(await presentedWith({ nonce }))).toBe(expected);
    expect(told).toHaveLength(times);
  });

  it("uses up no proof that fails another check", async () => {
    const seen: string[] = [];
    const store: ReplayStore = { seen: ({ jti }) => seen.push(jti) === 0 };
    const { reasonOf } = checkWith({ nonces: NONCES, store });
    const other = await createProofKey();
    for (const presented of [
      await presentedWith(),
      await presentedWith({ nonce: "new", htm: "POST" }),
      await presentedWith({ nonce: "new" }, `DPoP ${TOKEN}`, other),
      await presentedWith({ nonce: "new" }, `Bearer ${TOKEN}`),
    ]) {
      expect(await reasonOf(presented)).toBeDefined();
    }
    expect(seen).toEqual([]);
    expect(await reasonOf(await presentedWith({ nonce: "new" }))).toBeUndefined();
    expect(seen).toEqual(["1"]);
  });

  it.each<{ name: string; store: ReplayStore }>([
    {
      name: "throws",
      store: {
        seen: () => {
          throw new Error("gone");
        },
      },
    },
    { name: "rejects", store: { seen: () => Promise.reject(new Error("gone")) } },
  ])("refuses with a 503 if the memory of proofs $name", async ({ store }) => {
    const denial = await checkWith({ store }).check(token, await presentedWith(), () => {});
    expect(denial).toBeInstanceOf(Denial);
    expect(denial).toMatchObject({ reason: "replay-check-unavailable", retryAfterSeconds: 1 });
  });

  it("refuses a proof if the memory answers with anything but `false`", async () => {
    const store = { seen: () => undefined } as unknown as ReplayStore;
    expect(await checkWith({ store }).reasonOf(await presentedWith())).toBe("dpop-proof-invalid");
  });

  it.each([
    { method: undefined, scheme: "Bearer", expected: undefined },
    { method: undefined, scheme: "DPoP", expected: "token-binding-mismatch" },
    { method: "mtls", scheme: "bearer", expected: undefined },
    { method: "mtls", scheme: "dpop", expected: "token-binding-mismatch" },
    { method: "dpop", scheme: "BEARER", expected: "token-binding-mismatch" },
    { method: "dpop", scheme: "DPOP", expected: undefined },
  ] as const)("a token bound by $method with the scheme $scheme: $expected", async ({ method, scheme, expected }) => {
    const { confirmation, ...unbound } = token;
    const of = method && confirmation ? { ...unbound, confirmation: { ...confirmation, method } } : unbound;
    const presented = await presentedWith({}, `${scheme} ${TOKEN}`);
    expect(await checkWith().reasonOf(presented, of as VerifiedToken)).toBe(expected);
  });
});
