/** Each refresh checked the points of all Ed25519 keys again, known ones too: 740 keys cost 180 ms of CPU time. */
import { exportJWK, generateKeyPair } from "jose";
import { beforeEach, expect, it, vi } from "vitest";
import { isEd25519PublicKey } from "../../../src/keys/jwk/ed25519-point.ts";
import { importKeys } from "../../../src/keys/jwk/import-keys.ts";
import { MAX_KEYS_OF_SET } from "../../../src/limits.ts";

vi.mock("../../../src/keys/jwk/ed25519-point.ts", { spy: true });

const checks = () => vi.mocked(isEd25519PublicKey).mock.calls.length;
const ALLOWED = new Set(["EdDSA"]);
const jwk = await exportJWK((await generateKeyPair("EdDSA", { extractable: true })).publicKey);
const keyOf = (index: number) => ({ ...jwk, kid: `key ${index}`, use: "sig" });
const KEYS = Array.from({ length: 100 }, (_, index) => keyOf(index));

beforeEach(() => {
  vi.mocked(isEd25519PublicKey).mockClear();
});

it("a first import checks the point of each key", async () => {
  await importKeys(KEYS, { algorithms: ALLOWED, tenants: undefined }, new Map());
  expect(checks()).toBe(100);
});

it("a refresh checks the points of new keys only", async () => {
  const { keys } = await importKeys(KEYS, { algorithms: ALLOWED, tenants: undefined }, new Map());
  const before = checks();
  const after = await importKeys([keyOf(100), ...KEYS.toReversed()], { algorithms: ALLOWED, tenants: undefined }, keys);
  expect(after.keys.size).toBe(101);
  expect(checks() - before).toBe(1);
});

it("no more points are checked than one key set may have keys", async () => {
  const off = Array.from({ length: 740 }, (_, index) => ({ ...keyOf(index), x: `Ag${"A".repeat(41)}` }));
  const { skipped } = await importKeys(off, { algorithms: ALLOWED, tenants: undefined }, new Map());
  expect(skipped.map(({ reason }) => reason).filter((reason) => reason === "point-off-curve")).toHaveLength(
    MAX_KEYS_OF_SET,
  );
  expect(checks()).toBe(MAX_KEYS_OF_SET);
});
