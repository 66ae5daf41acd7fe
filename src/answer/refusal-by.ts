import type { Authorization } from "../policy/authorize.ts";
import { Denial, type Reason } from "./denial.ts";

/** Why each decision of `authorize` refuses. A caller without a token has been refused before. */
const REFUSING: { readonly [Decision in Exclude<Authorization, "permitted">]: Reason } = {
  "token-needed": "credentials-missing",
  "issuer-refused": "issuer-not-accepted",
  "binding-needed": "token-binding-missing",
  "scopes-needed": "scope-insufficient",
  "conditions-needed": "condition-not-met",
  "authentication-needed": "authentication-insufficient",
};

/** The refusal that follows from a decision; `undefined`: the caller is permitted. */
export function refusalBy(authorization: Authorization): Denial | undefined {
  return authorization === "permitted" ? undefined : new Denial(REFUSING[authorization]);
}
