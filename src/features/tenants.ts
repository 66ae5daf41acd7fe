/** Issuers with tenants. */
export { TENANCY as default } from "../policy/compile/issuers/compile-tenants.ts";
