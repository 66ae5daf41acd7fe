import { isOwnHeaderValue } from "../http/own-header-value.ts";
import type { Fault } from "../policy/fault.ts";
import type { Upstream } from "../policy/policy.ts";
import { canFetch } from "./fetcher-of.ts";
import { isStoredSecret } from "./stored-secret.ts";
import { UNUSABLE_SECRET } from "./unusable-secret.ts";

/**
 * The faults in what the Worker's environment has for the upstreams of its policy: a `via` that is no binding with a
 * `fetch`, and a secret that is missing or does not fit into a header. No fault repeats a secret. A Secrets Store can be
 * read only while a request is served, so its values are checked then. A missing `service` is no fault: it fails its own
 * requests only.
 *
 * @param own names of the gateway's own bindings: none of them is a secret
 */
export function missingBindings(
  upstreams: Iterable<Upstream>,
  bindings: Readonly<Record<string, unknown>>,
  own: ReadonlySet<string>,
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const upstream of upstreams) {
    const at = ["upstreams", upstream.name];
    if (upstream.kind === "url" && upstream.via !== undefined && !canFetch(bindings[upstream.via])) {
      faults.push({
        path: [...at, "via"],
        message: `The Worker has no binding \`${upstream.via}\` that requests can go through.`,
        hint: "Add a VPC service, an mTLS certificate or a service with this name to wrangler.toml, for every environment.",
      });
    }
    for (const { header, value } of upstream.headers) {
      if (value.kind !== "secret") continue;
      const wrong = whyUnusable(value.secret, bindings[value.secret], own);
      if (wrong !== undefined) faults.push({ path: [...at, "headers", header, "secret"], ...wrong });
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
    return { message: `The secret \`${name}\` ${UNUSABLE_SECRET}`, hint: "Set it again: `wrangler secret put`." };
  }
  if (isStoredSecret(value)) return undefined;
  return {
    message: `The Worker has no secret \`${name}\`.`,
    hint: "Set it with `wrangler secret put`, or add it to secrets_store_secrets in wrangler.toml.",
  };
}
