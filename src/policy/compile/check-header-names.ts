import {
  foldHeaderName,
  isDroppedFromCallers,
  isHeaderName,
  isPlainHeaderName,
  isRefusedAsClaimHeader,
} from "../../http/header-names.ts";
import type { FaultText } from "../../result.ts";
import type { Report } from "../fault.ts";
import type { ClaimHeader } from "../policy.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/**
 * Reports faults in the `headers` and `allowHeaderNames` of every upstream. No header may stand for two things: in
 * `headers`, none that an upstream could take for a claim header; in `allowHeaderNames`, none that it could take for
 * one that the gateway sets, or for one that belongs to HTTP or to a gateway, because the caller would choose its
 * value.
 */
export function checkHeaderNames(
  upstreams: Salvaged<PolicyConfig>["upstreams"],
  claimHeaders: readonly ClaimHeader[],
  report: Report,
): void {
  for (const [upstream, config] of Object.entries(upstreams ?? {})) {
    const own = Object.keys(config?.headers ?? {});
    for (const name of own) {
      const claimHeader = findAlike(
        name,
        claimHeaders.map(({ header }) => header),
      );
      if (claimHeader === undefined) continue;
      const message = `To some upstreams this is the claim header \`${claimHeader}\`.`;
      report(["upstreams", upstream, "headers", name], message, "Choose another name, or rename the claim header.");
    }
    const seen = new Set<string>();
    for (const [index, name] of (config?.allowHeaderNames ?? []).entries()) {
      if (name === undefined) continue;
      const fault = seen.has(name.toLowerCase()) ? listedTwice(name) : faultOf(name, claimHeaders, own);
      if (fault) report(["upstreams", upstream, "allowHeaderNames", index], fault.message, fault.hint);
      seen.add(name.toLowerCase());
    }
  }
}

function listedTwice(name: string): FaultText {
  return { message: `The header \`${name}\` is listed twice.`, hint: "Leave one of them out." };
}

/** The first of the names that some upstreams take for the same header as `name`. */
function findAlike(name: string, others: readonly string[]): string | undefined {
  const folded = foldHeaderName(name);
  return others.find((other) => foldHeaderName(other) === folded);
}

function faultOf(name: string, claimHeaders: readonly ClaimHeader[], own: readonly string[]): FaultText | undefined {
  if (!isHeaderName(name)) {
    return { message: "This is not a header name.", hint: "Write a name as callers send it, such as x_legacy." };
  }
  // `*` is allowed in header names (RFC 9110 5.6.2), so such an entry would compile, and allow nothing.
  if (name.includes("*")) return { message: "Header names cannot contain wildcards here.", hint: "List each name." };
  const folded = foldHeaderName(name);
  const claimHeader = findAlike(
    name,
    claimHeaders.map(({ header }) => header),
  );
  if (claimHeader !== undefined) {
    return {
      message: `To some upstreams this is the claim header \`${claimHeader}\`.`,
      hint: "Leave it out: callers could forge the claim.",
    };
  }
  const set = findAlike(name, own);
  if (set !== undefined) {
    return {
      message: `To some upstreams this is the header \`${set}\`, which the gateway sets.`,
      hint: "Leave it out: callers could replace the gateway's value.",
    };
  }
  if (isDroppedFromCallers(folded) || isRefusedAsClaimHeader(folded)) {
    return {
      message: `To some upstreams this is the header \`${folded}\`, which belongs to HTTP or to a gateway.`,
      hint: "Leave it out, and let the upstream read a name of its own.",
    };
  }
  if (!isPlainHeaderName(name)) return undefined;
  return {
    message: "The upstream gets this header anyway.",
    hint: "Leave it out: the list adds only names with other characters than letters, digits and `-`.",
  };
}
