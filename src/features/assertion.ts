import { assertionFaults } from "../assertion/assertion-faults.ts";
import { createAssertions } from "../assertion/create-assertions.ts";
import { compileAssertion } from "../policy/compile/upstreams/compile-assertion.ts";

/** Assertions to upstreams. */
export default { compile: compileAssertion, faults: assertionFaults, create: createAssertions };
