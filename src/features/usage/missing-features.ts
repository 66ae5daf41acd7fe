import { absentModule, type Fault } from "../../policy/fault.ts";
import type all from "../all.ts";
import { type UsedPolicy, usedFeatures } from "./used-features.ts";

/** The modules in a Worker: `#features`. Those that its policy does not use may be absent. */
export type Features = Partial<typeof all>;

/**
 * The faults of a Worker without the modules that its policy uses. The policy is the one that is served, with the
 * Worker's own vars: with other vars than the build had, it may use more.
 */
export function missingFeatures(policy: UsedPolicy, features: Features): readonly Fault[] {
  return usedFeatures(policy).flatMap((name) => (features[name] === undefined ? [absentModule(name)] : []));
}
