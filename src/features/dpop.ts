import { createDpop, dpopFaults } from "../token/binding/dpop/create-dpop.ts";

/** Tokens that are bound to the key of a proof. */
export default { faults: dpopFaults, create: createDpop };
