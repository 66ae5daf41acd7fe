/** Upstreams that get paths without their prefix. */
export { STRIP_PREFIX as default } from "../policy/compiled/optional-modules.ts";
