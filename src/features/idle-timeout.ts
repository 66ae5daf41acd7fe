/** Limits of the pauses in answers. */
export { limitPauses as default } from "../upstream/limit-pauses.ts";
