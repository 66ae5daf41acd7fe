import { foldHeaderName, isHeaderName, isRefusedAsClaimHeader } from "../../http/header-names.ts";
import { type FaultText, type Result, success } from "../../result.ts";
import type { Fault, Report } from "../fault.ts";
import type { ClaimHeader, ClaimSource } from "../policy.ts";
import { parseClaimPath } from "./claim-path.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/** Written unless `claimHeaders` says otherwise. */
export const DEFAULT_CLAIM_HEADERS: readonly ClaimHeader[] = [
  { header: "x-auth-subject", source: { kind: "claim", path: ["sub"] } },
  { header: "x-auth-client-id", source: { kind: "client" } },
  { header: "x-auth-scopes", source: { kind: "scopes" } },
  { header: "x-auth-issuer", source: { kind: "claim", path: ["iss"] } },
  { header: "x-auth-token-id", source: { kind: "claim", path: ["jti"] } },
];

/**
 * Compiles `claimHeaders`: the defaults, and what the file adds. An entry with a default's header takes its place; one
 * with a default's source renames it, unless the default's own header is listed, too.
 */
export function compileClaimHeaders(
  file: Salvaged<PolicyConfig>["claimHeaders"],
  report: Report,
): readonly ClaimHeader[] {
  const listed = new Map<string, ClaimHeader>();
  for (const [name, text] of Object.entries(file ?? {})) {
    const path = ["claimHeaders", name];
    const folded = foldHeaderName(name);
    const twin = listed.get(folded);
    if (twin) {
      report(
        path,
        `To some upstreams this is the header \`${twin.header}\`, also listed here.`,
        "Leave one of them out.",
      );
      continue;
    }
    checkName(name, folded, path, report);
    const source = text === undefined ? undefined : parseSource(text);
    if (source?.ok === false) report(path, source.failure.message, source.failure.hint);
    // A faulty entry takes part as well, so that it is compared with those after it.
    listed.set(folded, { header: name.toLowerCase(), source: source?.ok ? source.value : { kind: "claim", path: [] } });
  }
  const renamed = new Set(Array.from(listed.values(), ({ source }) => JSON.stringify(source)));
  const kept = DEFAULT_CLAIM_HEADERS.filter(
    ({ header, source }) => !listed.has(header) && !renamed.has(JSON.stringify(source)),
  );
  return [...kept, ...listed.values()];
}

/** `client_id` and `scope` are what the gateway derived: other issuers call those claims by other names. */
function parseSource(text: string): Result<ClaimSource, FaultText> {
  if (text === "client_id") return success({ kind: "client" });
  if (text === "scope") return success({ kind: "scopes" });
  const path = parseClaimPath(text);
  return path.ok ? success({ kind: "claim", path: path.value }) : path;
}

function checkName(name: string, folded: string, path: Fault["path"], report: Report): void {
  if (!isHeaderName(name)) report(path, "This is not the name of a header.", "Use letters, digits and hyphens.");
  else if (isRefusedAsClaimHeader(folded)) {
    report(
      path,
      `The header \`${name}\` belongs to HTTP or to the gateway.`,
      "Choose one of your own, such as x-auth-email.",
    );
  }
}
