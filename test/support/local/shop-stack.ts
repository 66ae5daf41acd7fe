import { FREE_PORTS } from "../../../src/local/addresses.ts";
import { type Stack, type StackOptions, startStack } from "../../../src/local/stack.ts";
import { projectFile, ROOT_POLICY, SHOP_POLICY } from "../project/project-files.ts";

/** The files to bundle so that a Worker has the policy of the shop, or `policy`, in place of the root's. */
export function shopFiles(policy: string = projectFile(SHOP_POLICY)): Readonly<Record<string, string>> {
  return { [ROOT_POLICY]: policy };
}

/** Starts the local stack with the policy of the shop, on free ports, unless `options` say otherwise. */
export function startShopStack(options: Partial<StackOptions> = {}): Promise<Stack> {
  return startStack({ ports: FREE_PORTS, files: shopFiles(), ...options });
}
