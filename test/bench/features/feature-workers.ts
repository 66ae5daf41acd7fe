import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT, SHOP_POLICY } from "../../support/project/project-files.ts";
import { deployedGateway } from "../deployed-gateway.ts";
import { bundleBenchWorker, type Environment } from "../gateways.ts";
import { withLogSink } from "../served/log-sink.ts";
import type { ServedWorker } from "../served/served-worker.ts";
import { CAPABILITIES, type Capability, type Shop, withPlainMessages } from "./capabilities.ts";

/** The shop as it is deployed: it uses no capability, and its Worker has none of their modules. */
export const PLAIN = "plain";
/** The same policy in a Worker with the modules of all features. */
export const PLAIN_ALL = "plain-all";
/** The shop with a plain route for messages, which gets the same requests as `mcp`. */
export const PLAIN_MESSAGES = "plain-message";

/** A gateway of this bench: the capability with which its requests are sent, and what it is compared with. */
export interface FeatureWorker extends ServedWorker {
  readonly base: string;
  readonly sends: Capability["sends"];
}

/** Names the gateway whose policy has a capability where no request of the bench meets it. */
export function elsewhere(name: string): string {
  return `${name}-elsewhere`;
}

/** The shop and, for each capability, the shop with it, all as they would be deployed. */
export async function featureWorkers({ issuer, upstream }: Environment): Promise<readonly FeatureWorker[]> {
  const shop = JSON.parse(await readFile(join(ROOT, SHOP_POLICY), "utf8")) as Shop;
  const keyValue = await bundleBenchWorker("key-value");
  const common = { ISSUER_URL: issuer, PRODUCTS_URL: upstream, ORDERS_URL: upstream, VERSION: { id: "bench" } };
  const worker = async (name: string, policy: object, more: Partial<Capability> & { base?: string } = {}) => {
    const { served, hasCandidate, sends, base = PLAIN } = more;
    const vars = { ...common, ...served?.vars };
    const deployment = { policy, vars, hasAllFeatures: name === PLAIN_ALL, ...(hasCandidate && { candidate: shop }) };
    const script = withLogSink(await deployedGateway(deployment));
    return { ...{ name, script, keyValue, ...served, vars }, ...{ base, sends } } satisfies FeatureWorker;
  };
  const workers = [
    await worker(PLAIN, shop),
    await worker(PLAIN_ALL, shop),
    await worker(PLAIN_MESSAGES, withPlainMessages(shop), { sends: "message" }),
  ];
  for (const capability of CAPABILITIES) {
    const { name, used, sends } = capability;
    const base = sends === "message" ? PLAIN_MESSAGES : PLAIN;
    workers.push(await worker(name, used(shop), { ...capability, base }));
    const unused = capability.elsewhere?.(shop);
    if (unused === undefined) continue;
    const { sends: _, ...others } = capability;
    workers.push(await worker(elsewhere(name), unused, others));
  }
  return workers;
}
