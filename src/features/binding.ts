/** Tokens that are bound to their sender. */
export { createBindingCheck as default } from "../token/binding/binding-check.ts";
