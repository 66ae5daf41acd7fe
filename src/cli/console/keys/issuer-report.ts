import { isObject } from "../../../json/json-object.ts";
import { type Freshness, freshness } from "../../../keys/freshness.ts";
import { parseRecord } from "../../../keys/kv-record.ts";
import type { Issuer } from "../../../policy/policy.ts";
import { objectAt, stringAt } from "../../json-members.ts";
import type { StackKeys } from "../view/stack-view.ts";

/** A public key, without the key itself. */
export interface ShownKey {
  readonly kid: string;
  readonly kty: string;
  /** `undefined`: the key has none. */
  readonly crv: string | undefined;
  /** `undefined`: the key serves every accepted algorithm that fits it. */
  readonly alg: string | undefined;
}

/** The keys of an issuer as the gateway has them now. */
export interface KeysNow {
  /** `none`: it has no keys in memory. */
  readonly freshness: Freshness | "none";
  /** How many verify tokens, those included that the issuer's latest answer lacks but that still count for a while. */
  readonly keyCount: number;
  readonly ageSeconds: number | undefined;
  readonly lastError: string | undefined;
  /** Epoch milliseconds from which a request refreshes them. */
  readonly refreshAtMs: number | undefined;
  /** Epoch milliseconds until which they are used if they cannot be refreshed. */
  readonly usableUntilMs: number | undefined;
}

/** The record of an issuer's keys in KV. */
export interface RecordNow {
  /** Epoch milliseconds at which the issuer was asked for it. */
  readonly fetchedAtMs: number;
  readonly keys: readonly ShownKey[];
}

/**
 * The state of an issuer's keys, from the gateway's own answer on whether it is ready. Ages have the same meaning as
 * for a request.
 *
 * @param nowMs epoch milliseconds
 * @returns `undefined`: the gateway did not say
 */
export function keysNow({ name, keys: settings }: Issuer, { ready }: StackKeys, nowMs: number): KeysNow | undefined {
  const issuers = ready && objectAt(ready, "issuers");
  if (!isObject(issuers?.[name])) return undefined;
  const { ageSeconds: age, keyCount, lastError } = issuers[name];
  const ageSeconds = typeof age === "number" ? age : undefined;
  const fetchedAtMs = ageSeconds === undefined ? undefined : nowMs - ageSeconds * 1000;
  return {
    freshness: fetchedAtMs === undefined ? "none" : freshness(fetchedAtMs, settings, nowMs),
    keyCount: typeof keyCount === "number" ? keyCount : 0,
    ageSeconds,
    lastError: typeof lastError === "string" ? lastError : undefined,
    refreshAtMs: fetchedAtMs && fetchedAtMs + settings.refreshAfterSeconds * 1000,
    usableUntilMs: fetchedAtMs && fetchedAtMs + settings.maxStaleSeconds * 1000,
  };
}

/** What KV has for an issuer; `undefined`: nothing that a gateway would read. */
export function recordNow({ name }: Issuer, { records }: StackKeys, nowMs: number): RecordNow | undefined {
  const text = records.get(name);
  const record = text === undefined ? undefined : parseRecord(text, nowMs);
  if (record === undefined) return undefined;
  const keys = record.keys.filter(isObject).map((key) => ({
    kid: stringAt(key, "kid") ?? "",
    kty: stringAt(key, "kty") ?? "",
    crv: stringAt(key, "crv"),
    alg: stringAt(key, "alg"),
  }));
  return { fetchedAtMs: record.fetchedAt, keys };
}
