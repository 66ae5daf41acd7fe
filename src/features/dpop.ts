import { createDpop, dpopFaults } from "../token/binding/dpop/create-dpop.ts";

export { ReplayGuard } from "../token/binding/dpop/replay-guard.ts";

/** Tokens that are bound to the key of a proof. */
export default { faults: dpopFaults, create: createDpop };
