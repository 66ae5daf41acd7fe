import { Denial } from "../../../src/answer/denial.ts";
import type { KeySet, VerificationKey } from "../../../src/keys/key-set.ts";
import type { KeyStatus, KeyStore, LoadedKeySet } from "../../../src/keys/key-store.ts";
import type { Issuer } from "../../../src/policy/policy.ts";
import { NOW_MS } from "../token/tokens.ts";

export function keySetOf(...keys: readonly VerificationKey[]): KeySet {
  const byKid = new Map<string, VerificationKey[]>();
  for (const key of keys) byKid.set(key.kid, [...(byKid.get(key.kid) ?? []), key]);
  return { fetchedAt: NOW_MS, byKid, all: new Set(keys) };
}

/** A key store whose tiers a test fills by hand. It notes which of them was asked, and with what. */
export class FakeKeyStore implements KeyStore {
  /** What memory holds. */
  held: KeySet | undefined;
  /** What the tiers behind memory answer. */
  loaded: LoadedKeySet | Denial = new Denial("keys-unavailable", undefined, 30);
  sought: LoadedKeySet | Denial = new Denial("key-unknown");
  readonly asked: string[] = [];

  constructor(held?: KeySet) {
    this.held = held;
  }

  current({ name }: Issuer): KeySet | undefined {
    this.asked.push(`current ${name}`);
    return this.held;
  }

  async load({ name }: Issuer): Promise<LoadedKeySet | Denial> {
    this.asked.push(`load ${name}`);
    return this.loaded;
  }

  async seek({ name }: Issuer, kid: string, issuedAtSeconds: number | undefined): Promise<LoadedKeySet | Denial> {
    this.asked.push(`seek ${name} ${kid} ${issuedAtSeconds}`);
    return this.sought;
  }

  async refreshAll(): Promise<void> {}

  status(): KeyStatus {
    const keyCount = this.held?.all.size ?? 0;
    return { usable: keyCount > 0, ageSeconds: 0, keyCount, lastError: undefined };
  }
}
