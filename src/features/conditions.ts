/** Routes with conditions on claims. */
export { CONDITIONS as default } from "../policy/compiled/optional-modules.ts";
