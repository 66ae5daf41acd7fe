import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { Denial } from "../../answer/denial.ts";
import type { TokenKeys } from "../../explain/caller.ts";
import { cacheKeySet } from "../../keys/cached-key-set.ts";
import { fetchJwks } from "../../keys/fetch-jwks.ts";
import { importKeys } from "../../keys/jwk/import-keys.ts";
import type { LoadedKeySet } from "../../keys/key-set.ts";
import type { KeyStore } from "../../keys/key-store.ts";
import type { Issuer } from "../../policy/policy.ts";
import { InputError } from "../args/exit-code.ts";
import { unreadableFile } from "../args/unreadable-file.ts";

/**
 * The keys for one explanation: every issuer has those of one JWKS (RFC 7517 5). Fetches an address once and as the
 * Worker does: by https, or http on loopback, and without redirects. The store throws an `InputError` for a set that
 * cannot be read or has no usable key. There is a remark on every key that cannot be used.
 *
 * @param location a file or an address
 */
export function createJwksKeyStore(location: string): TokenKeys {
  const remarks: string[] = [];
  const isAddress = /^https?:\/\//i.test(location);
  async function read(issuer: Issuer): Promise<LoadedKeySet> {
    const { keys, skipped } = await (isAddress ? readAddress(location, issuer) : readFile(location, issuer));
    for (const { kid, reason } of skipped) remarks.push(`The key ${kid ?? "without a kid"} is not used: ${reason}.`);
    const fetched = { keys, skipped, etag: undefined, fetchedAt: Date.now() };
    return { keys: cacheKeySet(fetched, issuer.keys).set, source: "issuer" };
  }
  const store: KeyStore = {
    of: (issuer) => ({
      current: () => undefined,
      async find(kid) {
        const { keys, source } = await read(issuer);
        const found = keys.byKid.get(kid);
        return found === undefined
          ? new Denial("key-unknown", "The key set has no key with this `kid`.")
          : { keys: found, source };
      },
      ensureLoaded: () => read(issuer),
      status: () => ({ usable: true, ageSeconds: undefined, keyCount: 0, lastError: undefined }),
    }),
    refreshAll: async () => {},
  };
  return { store, remarks };
}

async function readAddress(address: string, issuer: Issuer) {
  const answer = await fetchJwks(
    { ...issuer, jwksUri: address },
    { etag: undefined, keys: new Map() },
    { fetch: (url, init) => fetch(url, init), sleep: (ms) => setTimeout(ms, undefined, { ref: false }) },
  );
  if (answer.ok && answer.value.kind === "keys") return answer.value;
  throw new InputError(`${address}: ${answer.ok ? "The answer cannot be used." : answer.failure.message}`);
}

async function readFile(file: string, issuer: Issuer) {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw error instanceof SyntaxError ? new InputError(`${file}: This is not JSON.`) : unreadableFile(file, error);
  }
  const entries: unknown = typeof value === "object" && value !== null && "keys" in value ? value.keys : undefined;
  if (!Array.isArray(entries)) throw new InputError(`${file}: This is not a key set: it has no array \`keys\`.`);
  const imported = await importKeys(entries, issuer, new Map());
  if (imported.keys.size === 0) {
    const reasons = imported.skipped.map(({ reason }) => reason).join(", ") || "it is empty";
    throw new InputError(`${file}: The key set has no key that ${issuer.name} may sign with (${reasons}).`);
  }
  return imported;
}
