import type { WaitUntil } from "../keys/key-io.ts";
import type { KeyStore } from "../keys/key-store.ts";
import type { ServedPolicy } from "../policy/policy.ts";
import type { Revocations } from "../revocations/revocation-check.ts";
import { jsonResponse } from "./json-response.ts";

export const READY_PATH = "/_gateway/ready";

/** What the endpoint reports on: the policy that is served, its digest, and the keys. */
export interface Readiness {
  readonly policy: ServedPolicy;
  readonly digest: string;
  readonly keys: KeyStore;
  /** `undefined`: the policy has no `revocation`. */
  readonly revocations?: Pick<Revocations, "status"> | undefined;
}

/**
 * Whether the gateway can verify tokens: 200 if each issuer has usable keys, and the list of revocations may be used,
 * else 503. Looks the keys and the list up as a request would, so that asking also loads them. The answer has the
 * digest of the policy, the state of each issuer's keys, and the state of the list.
 *
 * Nothing in it is secret. It does not have the id of the deployed version: while two versions are live, a caller who
 * knows their ids could choose one by a header.
 */
export async function ready({ policy, digest, keys, revocations }: Readiness, waitUntil: WaitUntil): Promise<Response> {
  const issuers = [...policy.issuers.values()];
  const [list] = await Promise.all([
    revocations?.status(waitUntil),
    ...issuers.map((issuer) => keys.of(issuer).ensureLoaded(waitUntil)),
  ]);
  const report = issuers.map((issuer) => [issuer.name, keys.of(issuer).status()] as const);
  const details = { policy: digest, issuers: Object.fromEntries(report), ...(list && { revocations: list }) };
  const isReady = report.every(([, { usable }]) => usable) && list?.usable !== false;
  return isReady ? jsonResponse({ status: "ready", ...details }) : notReady(details);
}

/** The gateway cannot serve: 503 with the reasons. */
export function notReady(details: Readonly<Record<string, unknown>>): Response {
  return jsonResponse({ status: "not-ready", ...details }, 503);
}
