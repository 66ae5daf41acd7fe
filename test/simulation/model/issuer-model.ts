import { exportJWK, generateKeyPair, type JWK } from "jose";
import type { IssuerFetch } from "../../../src/keys/key-io.ts";
import type { VirtualClock } from "../../support/keys/virtual-clock.ts";
import type { Tally } from "../tally.ts";
import type { Timeline } from "../timeline.ts";
import type { Random } from "./random.ts";

/** The issuer sends half of its answers within this time. */
const MEDIAN_LATENCY_MS = 80;
const LATENCY_SPREAD = 0.6;

/** Makes one public key for each `kid` of a scenario, as an issuer publishes it. */
export async function makeKeys(timeline: Timeline): Promise<ReadonlyMap<string, JWK>> {
  const kids = new Set(timeline.scenario.keyStates.flatMap(({ published }) => published));
  const keys = new Map<string, JWK>();
  for (const kid of kids) {
    const { publicKey } = await generateKeyPair("ES256", { extractable: true });
    keys.set(kid, { ...(await exportJWK(publicKey)), kid, use: "sig", alg: "ES256" });
  }
  return keys;
}

/** Makes the `fetch` that reaches a scenario's issuer, with latency, faults and rotations. Sends no entity tag. */
export function issuerFetch(
  keys: ReadonlyMap<string, JWK>,
  timeline: Timeline,
  clock: VirtualClock,
  random: Random,
  tally: Tally,
): IssuerFetch {
  return async () => {
    tally.count("issuerRequests", clock.now());
    const latency = random.logNormal(MEDIAN_LATENCY_MS, LATENCY_SPREAD);
    await clock.sleep(latency / 2);
    const fault = timeline.faultAt(clock.now());
    const kind = fault !== undefined && random.next() < fault.share ? fault.kind : undefined;
    // The set of this moment is what it sends, however long the way back takes.
    const caches = timeline.cachesAt(clock.now());
    const published = caches?.[Math.floor(random.next() * caches.length)] ?? timeline.keysAt(clock.now()).published;
    if (kind === "hangs") return new Promise(() => {});
    await clock.sleep(latency / 2);
    if (kind === "refuses") throw new TypeError("Network connection lost.");
    if (kind === "status-500") return new Response(null, { status: 500 });
    return Response.json({ keys: published.map((kid) => keys.get(kid)) });
  };
}
