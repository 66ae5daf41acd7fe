import type { Issuer } from "../policy/policy.ts";
import { createIssuerKeys } from "./issuer-keys.ts";
import type { KeyIo } from "./key-io.ts";
import type { IssuerKeys, KeyStore } from "./key-store.ts";

export interface KeyStoreOptions extends KeyIo {
  /** Those of the policy. Asking for the keys of any other is a bug and throws. */
  readonly issuers: Iterable<Issuer>;
}

/**
 * The keys of all issuers, for the life of an isolate. Nothing is read before somebody asks. Memory is bounded by the
 * number of issuers: there is no state per key identifier, per token or per request.
 */
export function createKeyStore({ issuers, ...io }: KeyStoreOptions): KeyStore {
  const byName = new Map<string, IssuerKeys>();
  for (const issuer of issuers) byName.set(issuer.name, createIssuerKeys(issuer, io));

  function keysOf(issuer: Issuer): IssuerKeys {
    const keys = byName.get(issuer.name);
    if (keys === undefined) throw new Error(`The key store was made without issuer ${issuer.name}.`);
    return keys;
  }

  return {
    of: keysOf,
    refreshAll: async (waitUntil) => {
      await Promise.all(Array.from(byName.values(), (keys) => keys.refresh(waitUntil)));
    },
  };
}
