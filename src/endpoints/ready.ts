import type { WaitUntil } from "../keys/key-io.ts";
import type { KeyStore } from "../keys/key-store.ts";
import type { ServedPolicy } from "../policy/policy.ts";
import { jsonResponse } from "./json-response.ts";

export const READY_PATH = "/_gateway/ready";

/** What the endpoint reports on: the policy that is served, its digest, and the keys. */
export interface Readiness {
  readonly policy: ServedPolicy;
  readonly digest: string;
  readonly keys: KeyStore;
}

/**
 * Whether the gateway can verify tokens: 200 if each issuer has usable keys, else 503. Looks the keys up as a request
 * would, so that asking also loads them. With the digest of the policy and the state of each issuer's keys.
 *
 * Nothing in it is secret. It does not have the id of the deployed version: while two versions are live, a caller who
 * knows their ids could choose one by a header.
 */
export async function ready({ policy, digest, keys }: Readiness, waitUntil: WaitUntil): Promise<Response> {
  const issuers = [...policy.issuers.values()];
  await Promise.all(issuers.map((issuer) => keys.of(issuer).ensureLoaded(waitUntil)));
  const report = issuers.map((issuer) => [issuer.name, keys.of(issuer).status()] as const);
  const details = { policy: digest, issuers: Object.fromEntries(report) };
  return report.every(([, { usable }]) => usable) ? jsonResponse({ status: "ready", ...details }) : notReady(details);
}

/** The gateway cannot serve: 503 with the reasons. */
export function notReady(details: Readonly<Record<string, unknown>>): Response {
  return jsonResponse({ status: "not-ready", ...details }, 503);
}
