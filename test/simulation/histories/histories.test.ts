import { exportJWK, generateKeyPair, type JWK } from "jose";
import { expect, test } from "vitest";
import { CryptoWatch } from "../model/crypto-watch.ts";
import { runHistory } from "./history.ts";
import { KIDS } from "./published-keys.ts";
import { FORGED_KID } from "./watched-isolate.ts";

/** More of them find more, at some 0.2 s each. */
const HISTORIES = 24;

async function makeKeys(): Promise<ReadonlyMap<string, JWK>> {
  const keys = new Map<string, JWK>();
  for (const kid of [...KIDS, FORGED_KID]) {
    const { publicKey } = await generateKeyPair("ES256", { extractable: true });
    keys.set(kid, { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "ES256" });
  }
  return keys;
}

test("in random histories of rotations, faults and floods, the keys do what the guide promises", async () => {
  const publicKeys = await makeKeys();
  using watch = new CryptoWatch();
  let [requests, accepted] = [0, 0];
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const history = await runHistory(seed, publicKeys, watch);
    expect(history.violations).toEqual([]);
    requests += history.requestsToIssuer;
    accepted += history.accepted;
  }
  // Otherwise nothing was tried.
  expect(requests).toBeGreaterThan(20 * HISTORIES);
  expect(accepted).toBeGreaterThan(500 * HISTORIES);
});
