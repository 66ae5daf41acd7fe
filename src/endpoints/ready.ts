import type { WaitUntil } from "../keys/key-io.ts";
import type { KeyStore } from "../keys/key-store.ts";
import type { ServedPolicy } from "../policy/policy.ts";
import { jsonResponse } from "./json-response.ts";

export const READY_PATH = "/_gateway/ready";

/**
 * Whether the gateway can verify tokens: 200 if each issuer has usable keys, else 503. Looks the keys up as a request
 * would, so that asking also loads them. With the state of each issuer's keys; nothing in it is secret.
 */
export async function ready(policy: ServedPolicy, keys: KeyStore, waitUntil: WaitUntil): Promise<Response> {
  const issuers = [...policy.issuers.values()];
  await Promise.all(issuers.map((issuer) => keys.of(issuer).ensureLoaded(waitUntil)));
  const report = issuers.map((issuer) => [issuer.name, keys.of(issuer).status()] as const);
  const details = { issuers: Object.fromEntries(report) };
  return report.every(([, { usable }]) => usable) ? jsonResponse({ status: "ready", ...details }) : notReady(details);
}

/** The gateway cannot serve: 503 with the reasons. */
export function notReady(details: Readonly<Record<string, unknown>>): Response {
  return jsonResponse({ status: "not-ready", ...details }, 503);
}
