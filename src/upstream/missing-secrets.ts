import { isOwnHeaderValue } from "../http/own-header-value.ts";
import type { Fault } from "../policy/fault.ts";
import type { Upstream } from "../policy/policy.ts";
import { putSecret } from "../policy/settings/put-secret.ts";
import { isStoredSecret } from "./stored-secret.ts";
import { UNUSABLE_SECRET } from "./unusable-secret.ts";

/**
 * The faults in the secrets that the Worker's environment has for the `headers` of upstreams: a secret that is missing
 * or does not fit into a header. No fault repeats a secret. A Secrets Store can be read only while a request is served,
 * so its values are checked then.
 *
 * @param own names of the gateway's own bindings: none of them is a secret
 */
export function missingSecrets(
  upstreams: Iterable<Upstream>,
  bindings: Readonly<Record<string, unknown>>,
  own: ReadonlySet<string>,
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const upstream of upstreams) {
    for (const { header, value } of upstream.headers) {
      if (value.kind !== "secret") continue;
      const wrong = whyUnusable(value.secret, bindings[value.secret], own);
      if (wrong !== undefined)
        faults.push({ path: ["upstreams", upstream.name, "headers", header, "secret"], ...wrong });
    }
  }
  return faults;
}

function whyUnusable(name: string, value: unknown, own: ReadonlySet<string>): Omit<Fault, "path"> | undefined {
  if (own.has(name)) {
    return { message: `\`${name}\` belongs to the gateway itself.`, hint: "Give the secret another name." };
  }
  if (typeof value === "string") {
    if (isOwnHeaderValue(value)) return undefined;
    return { message: `The secret \`${name}\` ${UNUSABLE_SECRET}`, hint: `Set it again: \`${putSecret(name)}\`.` };
  }
  if (isStoredSecret(value)) return undefined;
  return {
    message: `The Worker has no secret \`${name}\`.`,
    hint: `Set it with \`${putSecret(name)}\`, or add it to secrets_store_secrets in wrangler.toml.`,
  };
}
