import { beforeAll, describe, expect, it, vi } from "vitest";
import { MAX_REMEMBERED_PROOF_HEADER_LENGTH } from "../../../../src/limits.ts";
import { checkProof, type ProofContext } from "../../../../src/token/binding/dpop/proof.ts";
import { importProofKey, type ProofKey, ProofKeys } from "../../../../src/token/binding/dpop/proof-keys.ts";
import { createProofKey, hashOf, signProof } from "../../../support/token/dpop-proof.ts";

const NOW = 1_800_000_000;
const CLAIMS = { htm: "GET", htu: "https://gw.example/", iat: NOW, jti: "1", ath: hashOf("token") };

describe("ProofKeys", () => {
  let cryptoKey: ProofKey["cryptoKey"];
  beforeAll(async () => {
    const imported = await importProofKey((await createProofKey()).publicJwk, "ES256");
    if (!imported.ok) throw new Error(imported.failure);
    ({ cryptoKey } = imported.value);
  });
  const keysOf = (capacity: number, ...thumbprints: string[]): ProofKeys => {
    const keys = new ProofKeys(capacity);
    for (const thumbprint of thumbprints) keys.remember("header", { thumbprint, cryptoKey });
    return keys;
  };

  it("knows a key by its thumbprint and the very header", () => {
    const keys = keysOf(2, "a");
    expect(keys.get("a", "header")).toEqual({ thumbprint: "a", cryptoKey });
    expect(keys.get("a", "Header")).toBeUndefined();
    expect(keys.get("b", "header")).toBeUndefined();
  });

  it("keeps one header for each thumbprint, so that a client with many headers displaces nobody", () => {
    const keys = keysOf(2, "a", "b");
    for (let round = 0; round < 5; round += 1) keys.remember(`header ${round}`, { thumbprint: "b", cryptoKey });
    expect(keys.size).toBe(2);
    expect(keys.get("a", "header")).toBeDefined();
    expect(keys.get("b", "header 4")).toBeDefined();
  });

  it("forgets the key that was used least recently", () => {
    const keys = keysOf(2, "a", "b");
    keys.get("a", "header");
    keys.remember("header", { thumbprint: "c", cryptoKey });
    expect(["a", "b", "c"].filter((thumbprint) => keys.get(thumbprint, "header"))).toEqual(["a", "c"]);
  });

  it.each([
    { length: MAX_REMEMBERED_PROOF_HEADER_LENGTH, size: 1 },
    { length: MAX_REMEMBERED_PROOF_HEADER_LENGTH + 1, size: 0 },
  ])("remembers $size keys of a header with $length characters", ({ length, size }) => {
    const keys = new ProofKeys();
    keys.remember("h".repeat(length), { thumbprint: "a", cryptoKey });
    expect(keys.size).toBe(size);
  });
});

describe("checkProof with remembered keys", () => {
  const contextOf = (boundTo: string, keys: ProofKeys): ProofContext => ({
    method: "GET",
    uri: CLAIMS.htu,
    tokenHash: CLAIMS.ath,
    boundTo,
    keys,
    algorithms: new Set(["ES256"]),
    maxAgeSeconds: 60,
    clockToleranceSeconds: 5,
    nowMs: NOW * 1000,
  });
  const thumbprintOf = async (jwk: unknown): Promise<string> => {
    const imported = await importProofKey(jwk, "ES256");
    return imported.ok ? imported.value.thumbprint : "";
  };

  it("imports the key of a client once", async () => {
    const client = await createProofKey();
    const context = contextOf(await thumbprintOf(client.publicJwk), new ProofKeys());
    const imports = vi.spyOn(crypto.subtle, "importKey");
    for (const jti of ["1", "2", "3"]) {
      expect(await checkProof(await signProof(client, { ...CLAIMS, jti }), context)).toMatchObject({ ok: true });
    }
    expect(imports).toHaveBeenCalledTimes(1);
    imports.mockRestore();
  });

  it("refuses a signature by another key under a remembered header", async () => {
    const client = await createProofKey();
    const context = contextOf(await thumbprintOf(client.publicJwk), new ProofKeys());
    const proof = await signProof(client, CLAIMS);
    expect(await checkProof(proof, context)).toMatchObject({ ok: true });
    const forged = await signProof(await createProofKey(), CLAIMS);
    const [header, payload] = proof.split(".");
    const mixed = `${header}.${payload}.${forged.split(".")[2]}`;
    expect(await checkProof(mixed, context)).toEqual({ ok: false, failure: "The proof's signature is invalid." });
  });

  it("remembers no key that the token is not bound to, and none of a proof with a bad signature", async () => {
    const client = await createProofKey();
    const keys = new ProofKeys();
    const other = contextOf("another thumbprint", keys);
    expect(await checkProof(await signProof(client, CLAIMS), other)).toMatchObject({ ok: true });
    const bad = (await signProof(client, CLAIMS)).replace(/[^.]+$/, "A".repeat(86));
    const context = contextOf(await thumbprintOf(client.publicJwk), keys);
    expect(await checkProof(bad, context)).toMatchObject({ ok: false });
    expect(keys.size).toBe(0);
  });

  it("judges the algorithm of a remembered header again", async () => {
    const client = await createProofKey();
    const context = contextOf(await thumbprintOf(client.publicJwk), new ProofKeys());
    const proof = await signProof(client, CLAIMS);
    expect(await checkProof(proof, context)).toMatchObject({ ok: true });
    expect(await checkProof(proof, { ...context, algorithms: new Set(["EdDSA"]) })).toMatchObject({ ok: false });
  });
});
