import { messageText } from "../../../policy/analysis/messages/message.ts";
import { claimText } from "../../../policy/claim-path.ts";
import { whyAddress } from "../parts/why-address.ts";
import type { AskedCall } from "./compute/asked-call.ts";

/** The address of the page that explains a call under the policy as it is now. */
export function whyLink(call: AskedCall): string {
  const { method, path, host, mcp, client, issuer, tenant, scopes, grants = {}, claims = {}, on, env } = call;
  const { cnf, ...tested } = claims;
  const bound = cnf === undefined ? undefined : Object.hasOwn(Object(cnf), "jkt") ? "dpop" : "mtls";
  return whyAddress({
    ...{ method, path, host, client, issuer, tenant, bound },
    message: mcp && messageText(mcp),
    scope: scopes ?? [],
    grant: Object.entries(grants).map(([claim, value]) => `${claim}=${value}`),
    claim: claimValues(tested, []),
    on,
    env,
  });
}

/** Claims as `claim=value`, one for each value. Recurses once for each step of a claim path. */
function claimValues(claims: Readonly<Record<string, unknown>>, above: readonly string[]): readonly string[] {
  return Object.entries(claims).flatMap(([name, value]) => {
    const path = [...above, name];
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return claimValues({ ...value }, path);
    return [value].flat().map((item) => `${claimText(path)}=${item}`);
  });
}
