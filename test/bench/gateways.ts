import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { unstable_readConfig as readConfig } from "wrangler";
import { newSigningKey } from "../../src/local/plan/signing-key.ts";
import { buildShippedGateway } from "../support/e2e/shipped-gateway.ts";
import { ROOT, SHOP_POLICY, SHOP_WRANGLER } from "../support/project/project-files.ts";
import { bundleMinified, deployedGateway } from "./deployed-gateway.ts";
import { withLogSink } from "./served/log-sink.ts";
import type { Compatibility, ServedWorker } from "./served/served-worker.ts";

const WRANGLER = join(ROOT, SHOP_WRANGLER);

/** The issuer and the upstream that the gateways are configured with. */
export interface Environment {
  readonly issuer: string;
  readonly upstream: string;
  readonly jwks: { readonly keys: readonly object[] };
}

/**
 * The Workers that are always measured, `bare` first. Builds the gateway as it would be deployed. The log of each goes
 * to a sink, as on the platform, except that of `scopegate-printed`.
 */
export async function benchWorkers({ issuer, upstream, jwks }: Environment): Promise<readonly ServedWorker[]> {
  const vars = { ISSUER_URL: issuer, PRODUCTS_URL: upstream, ORDERS_URL: upstream, VERSION: { id: "bench" } };
  const gateway = { keyValue: await bundleBenchWorker("key-value"), vars };
  const shipped = await buildShippedGateway();
  const script = withLogSink(shipped);
  const peer = async (name: string): Promise<ServedWorker> => ({
    ...{ name, script: await benchScript(name), vars: { ...vars, KEYS: jwks.keys } },
  });
  return [
    { name: "bare", script: await benchScript("bare"), vars: {} },
    { name: "bare-headers", script: await benchScript("bare-headers"), vars: {} },
    { name: "scopegate", ...gateway, script },
    { name: "scopegate-printed", ...gateway, script: shipped },
    { name: "scopegate-quiet", ...gateway, script, vars: { ...vars, DECISION_LOG: "off" } },
    await peer("hono-jose"),
    await peer("hono-jose-careful"),
    await peer("by-hand"),
    await peer("hono-jwk"),
  ];
}

/**
 * The gateway with assertions for its upstream, and the same in Hono. They are measured only where they are named:
 * their requests carry one header more than those of the others.
 */
export async function assertingWorkers({ issuer, upstream, jwks }: Environment): Promise<readonly ServedWorker[]> {
  const keys = { ASSERTION_KEYS: JSON.stringify({ keys: [newSigningKey("ES256", "bench")] }) };
  const vars = { ISSUER_URL: issuer, PRODUCTS_URL: upstream, ORDERS_URL: upstream, VERSION: { id: "bench" }, ...keys };
  const shop = JSON.parse(await readFile(join(ROOT, SHOP_POLICY), "utf8"));
  const assertion = {
    issuer: "https://gateway.example",
    trustDomain: "internal.example",
    keys: { secret: "ASSERTION_KEYS" },
  };
  const upstreams = { ...shop.upstreams, products: { ...shop.upstreams.products, assertion: true } };
  const script = withLogSink(await deployedGateway({ policy: { ...shop, assertion, upstreams }, vars }));
  return [
    { name: "scopegate-assertion", script, keyValue: await bundleBenchWorker("key-value"), vars },
    {
      name: "hono-jose-assertion",
      script: await benchScript("hono-jose-assertion"),
      vars: { ...vars, KEYS: jwks.keys },
    },
  ];
}

/**
 * The gateway with tokens that are bound by DPoP, and the same in Hono. They are measured only where they are named:
 * their tokens are others, and each request carries a proof.
 */
export async function provenWorkers({ issuer, upstream, jwks }: Environment): Promise<readonly ServedWorker[]> {
  const vars = { ISSUER_URL: issuer, PRODUCTS_URL: upstream, ORDERS_URL: upstream, VERSION: { id: "bench" } };
  const shop = JSON.parse(await readFile(join(ROOT, SHOP_POLICY), "utf8"));
  const issuers = { cognito: { ...shop.issuers.cognito, binding: { dpop: "required" } } };
  const script = withLogSink(
    await deployedGateway({ policy: { ...shop, issuers, dpop: { maxAgeSeconds: 600 } }, vars }),
  );
  const peer = { ...vars, KEYS: jwks.keys };
  return [
    { name: "scopegate-dpop", script, keyValue: await bundleBenchWorker("key-value"), vars },
    { name: "hono-jose-dpop", script: await benchScript("hono-jose-dpop"), vars: peer },
  ];
}

/** The runtime that the gateway is deployed for; the Workers beside it get the same one. */
export function gatewayCompatibility(): Compatibility {
  const read = readConfig({ config: WRANGLER }, { hideWarnings: true }) as {
    readonly compatibility_date?: string;
    readonly compatibility_flags?: readonly string[];
  };
  return { date: read.compatibility_date ?? "", flags: read.compatibility_flags ?? [] };
}

async function benchScript(name: string): Promise<string> {
  return withLogSink(await bundleBenchWorker(name));
}

/** The text of a Worker in `workers/`, built with the settings of the gateway. */
export function bundleBenchWorker(name: string): Promise<string> {
  return bundleMinified(`test/bench/workers/${name}.ts`, {});
}
