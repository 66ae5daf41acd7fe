import { ownModule } from "../installation.ts";
import type { BundleOptions, PerWorker } from "./bundle.ts";

/** The Workers of the stack that are made from sources of this package. */
export type OwnWorker = "gateway" | "network" | "issuer" | "products" | "orders";

/** The path of each Worker's entry. None of them depends on the project whose policy is run. */
export const ENTRIES: PerWorker<OwnWorker> = {
  gateway: ownModule("index"),
  network: ownModule("local/network/index"),
  issuer: ownModule("local/issuer/index"),
  products: ownModule("local/products/index"),
  orders: ownModule("local/orders/index"),
};

/** The module that takes the place of `#policy`. The stack gives it to the gateway, so no bundle contains a policy. */
export const POLICY_MODULE = "./policy.json";

/** The gateway is bundled without its policy and its compiler, like the one that is deployed. */
export const BUNDLE_OPTIONS: BundleOptions = { givenModules: { "#policy": POLICY_MODULE } };
