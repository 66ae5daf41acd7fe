import { issuersInUse } from "../../../issuers-in-use.ts";
import type { Rule } from "../rule.ts";

/** Issuers whose tokens count for every tenant: anyone can open a tenant and issue themselves tokens there. */
export const anyTenant: Rule = (policy) =>
  issuersInUse(policy)
    .filter(({ tenants }) => tenants?.accepted === "any")
    .map(({ name }) => ({
      route: undefined,
      issuer: name,
      path: ["issuers", name, "tenants"],
      message: "Tokens of every tenant are accepted, and anyone can open a tenant.",
      hint: "List the tenants in `tenants`, or give the reason under `lint` of the issuer why every tenant may call.",
    }));
