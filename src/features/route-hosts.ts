/** Routes that name hosts. */
export { ROUTE_HOSTS as default } from "../policy/compiled/optional-modules.ts";
