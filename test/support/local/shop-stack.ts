import { FREE_PORTS } from "../../../src/local/addresses.ts";
import type { IssuerSettings } from "../../../src/local/issuer/issuer-settings.ts";
import { NO_REAL_ADDRESSES, type StackSource } from "../../../src/local/plan/stack-source.ts";
import { type Stack, type StackOptions, startStack } from "../../../src/local/stack.ts";
import { planFor } from "../../../src/local/stack-workers.ts";
import { projectFile, ROOT_POLICY, SHOP_POLICY } from "../project/project-files.ts";

/** The files to bundle so that the gateway has the policy of the shop in place of the root's. */
export function shopFiles(): Readonly<Record<string, string>> {
  return { [ROOT_POLICY]: projectFile(SHOP_POLICY) };
}

/** The policy of the shop, or `text`, for the local stack. Without `vars`, the stack sets them all. */
export function shopSource(text: string = projectFile(SHOP_POLICY), vars: StackSource["vars"] = {}): StackSource {
  return { config: JSON.parse(text), vars };
}

/** What the local issuer is told of the shop's issuer, with another origin in its addresses. */
export function shopIssuers(origin: string): readonly IssuerSettings[] {
  const loopback = "http://127.0.0.1:1";
  const { issuers } = planFor({ source: shopSource(), real: NO_REAL_ADDRESSES }, { issuer: loopback });
  return issuers.map(({ issuer, jwksUri, ...settings }) => ({
    ...settings,
    issuer: issuer.replace(loopback, origin),
    jwksUri: jwksUri.replace(loopback, origin),
  }));
}

/** Starts the local stack with the policy of the shop, on free ports, unless `options` say otherwise. */
export function startShopStack(options: Partial<StackOptions> = {}): Promise<Stack> {
  return startStack({ ports: FREE_PORTS, readSource: async () => shopSource(), ...options });
}
