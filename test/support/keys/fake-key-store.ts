import { Denial } from "../../../src/answer/denial.ts";
import type { VerificationKey } from "../../../src/keys/jwk/verification-key.ts";
import type { FoundKeys, KeySet, LoadedKeySet } from "../../../src/keys/key-set.ts";
import type { KeyStore, RequestKeys } from "../../../src/keys/key-store.ts";
import type { Issuer } from "../../../src/policy/policy.ts";
import { NOW_MS } from "../token/tokens.ts";

export function keySetOf(...keys: readonly VerificationKey[]): KeySet {
  const byKid = new Map<string, VerificationKey[]>();
  for (const key of keys) byKid.set(key.kid, [...(byKid.get(key.kid) ?? []), key]);
  return { fetchedAt: NOW_MS, byKid, all: new Set(keys) };
}

/** A key store whose tiers a test fills by hand. It notes what it was asked for. */
export class FakeKeyStore implements KeyStore {
  /** What memory holds. */
  held: KeySet | undefined;
  /** What KV and the issuer answer when memory is empty, and when it lacks a `kid`. */
  loaded: LoadedKeySet | Denial = new Denial("keys-unavailable", undefined, 30);
  sought: LoadedKeySet | Denial = new Denial("key-unknown");
  readonly asked: string[] = [];

  constructor(held?: KeySet) {
    this.held = held;
  }

  of({ name }: Issuer): RequestKeys {
    return {
      current: () => {
        this.asked.push(`current ${name}`);
        return this.held;
      },
      find: async (kid, issuedAtSeconds) => {
        this.asked.push(`find ${name} ${kid} ${issuedAtSeconds}`);
        const loaded = this.#load();
        if (loaded instanceof Denial) return loaded;
        return keysOf(kid, loaded) ?? (this.sought instanceof Denial ? this.sought : lookedUp(kid, this.sought));
      },
      ensureLoaded: async () => this.#load(),
      status: () => {
        const keyCount = this.held?.all.size ?? 0;
        return { usable: keyCount > 0, ageSeconds: 0, keyCount, lastError: undefined };
      },
    };
  }

  async refreshAll(): Promise<void> {}

  #load(): LoadedKeySet | Denial {
    return this.held === undefined ? this.loaded : { keys: this.held, source: "memory" };
  }
}

function keysOf(kid: string, { keys, source }: LoadedKeySet): FoundKeys | undefined {
  const found = keys.byKid.get(kid);
  return found && { keys: found, source };
}

function lookedUp(kid: string, sought: LoadedKeySet): FoundKeys {
  const found = keysOf(kid, sought);
  if (found === undefined) throw new Error(`The test's key set lacks ${kid}.`);
  return found;
}
