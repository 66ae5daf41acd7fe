import { messageText } from "../../../policy/analysis/messages/message.ts";
import { claimText } from "../../../policy/claim-path.ts";
import type { AskedCall } from "./compute/asked-call.ts";

/** The address of the page that explains a call under the policy as it is now. Its parameters are the options of `explain`. */
export function whyAddress(call: AskedCall): string {
  const { method, path, host, mcp, client, issuer, tenant, scopes = [], grants = {}, claims = {} } = call;
  const { cnf, ...tested } = claims;
  const parameters = [
    ["method", method],
    ["path", path],
    ["host", host],
    ["message", mcp && messageText(mcp)],
    ["client", client],
    ["scope", scopes.length === 0 ? undefined : scopes.join(" ")],
    ...Object.entries(grants).map(([claim, value]) => ["grant", `${claim}=${value}`]),
    ...claimValues(tested, []).map((value) => ["claim", value]),
    ["issuer", issuer],
    ["tenant", tenant],
    ["bound", cnf === undefined ? undefined : Object.hasOwn(Object(cnf), "jkt") ? "dpop" : "mtls"],
  ];
  const given = parameters.flatMap(([name = "", value]) => (value === undefined ? [] : [[name, value]]));
  return `/why?${new URLSearchParams(given)}`;
}

/** Claims as `claim=value`, one for each value. Recurses once for each step of a claim path. */
function claimValues(claims: Readonly<Record<string, unknown>>, above: readonly string[]): readonly string[] {
  return Object.entries(claims).flatMap(([name, value]) => {
    const path = [...above, name];
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return claimValues({ ...value }, path);
    return [value].flat().map((item) => `${claimText(path)}=${item}`);
  });
}
