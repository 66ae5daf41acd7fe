import { MAX_LOGGED_KID_LENGTH, MAX_LOGGED_SKIPPED_KEYS } from "../limits.ts";
import type { Issuer } from "../policy/policy.ts";
import type { IssuerFault } from "./fetch-jwks.ts";
import type { SkippedKey } from "./jwk/public-jwk.ts";
import type { KeyLog } from "./key-io.ts";
import type { KeySet, KeySource } from "./key-set.ts";

export type KvFaultCode = "read-failed" | "read-timeout" | "record-unreadable" | "write-failed";

/** Writes down what happens to one issuer's keys. */
export interface Journal {
  /** The usable keys are others than before. */
  changed(keys: KeySet, source: KeySource): void;
  /** What the issuer sent and cannot be used. */
  skipped(keys: readonly SkippedKey[]): void;
  /** The issuer did not answer as it should. `agingSince`: when the keys were read that have to serve on, if any. */
  failed(fault: IssuerFault, agingSince: number | undefined): void;
  /** The keys are fresh again. */
  recovered(): void;
  kvFailed(code: KvFaultCode): void;
  kvWorked(): void;
  /** What went wrong last, until it is right again. Nothing secret. */
  lastError(): string | undefined;
}

/**
 * One line per *change* of state, never one per request: what floods the gateway must not flood the log.
 *
 * `change` is one of `refreshed` (other keys than before), `key-skipped`, `refresh-failed` (first of a row),
 * `serving-stale` (first failure while the keys are aging), `recovered`, `kv-failed` (first of a row).
 */
export function createJournal({ name, jwksUri, keys: { maxStaleSeconds } }: Issuer, log: KeyLog): Journal {
  let fault: IssuerFault | undefined;
  let stale = false;
  let kvFailing = false;
  let skippedBefore = "[]";

  const write = (change: string, more: Readonly<Record<string, unknown>>) =>
    log({ event: "keys", issuer: name, change, ...more });

  return {
    changed(keys, source) {
      write("refreshed", { source, keys: keys.all.size, fetched_at: isoTime(keys.fetchedAt) });
    },
    skipped(keys) {
      const text = JSON.stringify(keys);
      if (text === skippedBefore) return;
      skippedBefore = text;
      for (const { kid, why } of keys.slice(0, MAX_LOGGED_SKIPPED_KEYS)) {
        write("key-skipped", { kid: kid === undefined ? undefined : printable(kid), why, skipped: keys.length });
      }
    },
    failed(newFault, agingSince) {
      const { code, message } = newFault;
      const safeUri = withoutQuery(jwksUri);
      const cause = newFault.cause?.replaceAll(jwksUri, safeUri);
      if (fault === undefined) write("refresh-failed", { code, message, cause, jwks_uri: safeUri });
      fault = newFault;
      if (agingSince !== undefined && !stale) {
        stale = true;
        const servedUntil = agingSince + maxStaleSeconds * 1000;
        write("serving-stale", { code, fetched_at: isoTime(agingSince), served_until: isoTime(servedUntil) });
      }
    },
    recovered() {
      if (fault !== undefined) write("recovered", { code: fault.code });
      fault = undefined;
      stale = false;
    },
    kvFailed(code) {
      if (!kvFailing) write("kv-failed", { code });
      kvFailing = true;
    },
    kvWorked() {
      kvFailing = false;
    },
    lastError: () => fault?.message,
  };
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** A `kid` is the issuer's text: cut, and without what could play tricks on a terminal. */
function printable(kid: string): string {
  return kid.slice(0, MAX_LOGGED_KID_LENGTH).replace(/[^\x20-\x7e]/g, "?");
}

/** A query may hold a secret. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
