import type { Issuer } from "../policy/policy.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import type { KeyIo, WaitUntil } from "./key-io.ts";

/** What requests use of an issuer's keys; `IssuerKeys` says what each method does. */
export type RequestKeys = Pick<IssuerKeys, "current" | "find" | "ensureLoaded" | "status">;

/** The keys of all issuers of a policy. */
export interface KeyStore {
  /** Returns the keys of one issuer. Throws for an issuer that the store was not made for: that is a bug. */
  of(issuer: Issuer): RequestKeys;
  /** Asks every issuer and writes KV: for the cron trigger. Never rejects. */
  refreshAll(waitUntil: WaitUntil): Promise<void>;
}

/** What a key store is made of: issuers, and what its I/O goes through. */
export interface KeyStoreOptions extends KeyIo {
  /** The issuers of the policy. */
  readonly issuers: Iterable<Issuer>;
}

/**
 * Makes the key store of an isolate. It reads nothing until a request needs keys. The number of issuers and the size of
 * their key sets bound its memory: it has no state per token, per request, or per `kid` that a caller sends.
 */
export function createKeyStore({ issuers, ...io }: KeyStoreOptions): KeyStore {
  const byName = new Map<string, IssuerKeys>();
  for (const issuer of issuers) byName.set(issuer.name, new IssuerKeys(issuer, io));
  return {
    of({ name }) {
      const keys = byName.get(name);
      if (keys === undefined) throw new Error(`The key store was made without issuer ${name}.`);
      return keys;
    },
    async refreshAll(waitUntil) {
      await Promise.all(Array.from(byName.values(), (keys) => keys.refresh(waitUntil)));
    },
  };
}
