import type { Fault } from "../policy/fault.ts";
import type { Upstream } from "../policy/policy.ts";
import { canFetch } from "./fetcher-of.ts";

/**
 * The faults in what the Worker's environment has for the upstreams of its policy: a `via` that is no binding with a
 * `fetch`. A missing `service` is not a fault: it fails its own requests only.
 */
export function missingBindings(
  upstreams: Iterable<Upstream>,
  bindings: Readonly<Record<string, unknown>>,
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const upstream of upstreams) {
    if (upstream.kind === "url" && upstream.via !== undefined && !canFetch(bindings[upstream.via])) {
      faults.push({
        path: ["upstreams", upstream.name, "via"],
        message: `The Worker has no binding \`${upstream.via}\` that requests can go through.`,
        hint: "Add a VPC service, an mTLS certificate or a service with this name to wrangler.toml, for every environment.",
      });
    }
  }
  return faults;
}
