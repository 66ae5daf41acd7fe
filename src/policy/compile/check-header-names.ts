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
 * Reports faults in the `allowHeaderNames` of every upstream. A name that an upstream could take for a claim header, or
 * for a header that belongs to HTTP or to a gateway, is a fault: the caller would choose its value.
 */
export function checkHeaderNames(
  upstreams: Salvaged<PolicyConfig>["upstreams"],
  claimHeaders: readonly ClaimHeader[],
  report: Report,
): void {
  for (const [upstream, config] of Object.entries(upstreams ?? {})) {
    const seen = new Set<string>();
    for (const [index, name] of (config?.allowHeaderNames ?? []).entries()) {
      if (name === undefined) continue;
      const fault = seen.has(name.toLowerCase()) ? listedTwice(name) : faultOf(name, claimHeaders);
      if (fault) report(["upstreams", upstream, "allowHeaderNames", index], fault.message, fault.hint);
      seen.add(name.toLowerCase());
    }
  }
}

function listedTwice(name: string): FaultText {
  return { message: `The header \`${name}\` is listed twice.`, hint: "Leave one of them out." };
}

function faultOf(name: string, claimHeaders: readonly ClaimHeader[]): FaultText | undefined {
  if (!isHeaderName(name)) {
    return { message: "This is not a header name.", hint: "Write a name as callers send it, such as x_legacy." };
  }
  // A header name may have the character, so this would compile, and allow nothing.
  if (name.includes("*")) return { message: "Header names cannot contain wildcards here.", hint: "List each name." };
  const folded = foldHeaderName(name);
  const claimHeader = claimHeaders.find(({ header }) => foldHeaderName(header) === folded);
  if (claimHeader) {
    return {
      message: `To some upstreams this is the claim header \`${claimHeader.header}\`.`,
      hint: "Leave it out: callers could forge the claim.",
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
