import { foldHeaderName, isRefusedAsClaimHeader } from "../../http/header-names.ts";
import { type FaultText, type Result, success } from "../../result.ts";
import { parseClaimPath } from "../claim-path.ts";
import { findControlCharacter } from "../control-characters.ts";
import type { Report } from "../fault.ts";
import type { ClaimHeader, ClaimSource } from "../policy.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import { checkHeaderName } from "./upstreams/check-header-name.ts";
import type { Salvaged } from "./validate-policy-config.ts";

const OTHER_NAME = "Choose a name of your own, such as x-auth-email.";

/** The claim header of a policy with an issuer that has tenants, beside the others. */
const TENANT_HEADER: ClaimHeader = { header: "x-auth-tenant", source: { kind: "tenant" } };

/** The claim headers that every policy has, unless its `claimHeaders` replaces or renames them. */
export const DEFAULT_CLAIM_HEADERS: readonly ClaimHeader[] = [
  { header: "x-auth-subject", source: { kind: "claim", path: ["sub"] } },
  { header: "x-auth-client-id", source: { kind: "client" } },
  { header: "x-auth-scopes", source: { kind: "scopes" } },
  { header: "x-auth-issuer", source: { kind: "claim", path: ["iss"] } },
  { header: "x-auth-token-id", source: { kind: "claim", path: ["jti"] } },
];

/**
 * Compiles `claimHeaders` into the defaults and the entries of the file. An entry with the header of a default replaces
 * it. An entry with the source of a default renames it, unless the file lists the default's own header, too.
 *
 * @param hasTenants whether some issuer has tenants
 */
export function compileClaimHeaders(
  configs: Salvaged<PolicyConfig>["claimHeaders"],
  hasTenants: boolean,
  report: Report,
): readonly ClaimHeader[] {
  const listed = new Map<string, ClaimHeader>();
  for (const [name, text] of Object.entries(configs ?? {})) {
    const path = ["claimHeaders", name];
    const folded = foldHeaderName(name);
    const twin = listed.get(folded);
    if (twin) {
      report(
        path,
        `Some upstreams take this header for \`${twin.header}\`, which is also listed.`,
        "Remove one of them.",
      );
      continue;
    }
    if (findControlCharacter(name) === undefined) {
      checkHeaderName(name, isRefusedAsClaimHeader(folded), OTHER_NAME, path, report);
    }
    const source = text === undefined ? undefined : parseSource(text);
    if (source?.ok === false) report(path, source.failure.message, source.failure.hint);
    // A faulty entry takes part as well, so that it is compared with those after it.
    listed.set(folded, { header: name.toLowerCase(), source: source?.ok ? source.value : { kind: "claim", path: [] } });
  }
  const renamed = new Set(Array.from(listed.values(), ({ source }) => JSON.stringify(source)));
  const defaults = hasTenants ? [...DEFAULT_CLAIM_HEADERS, TENANT_HEADER] : DEFAULT_CLAIM_HEADERS;
  const kept = defaults.filter(({ header, source }) => !listed.has(header) && !renamed.has(JSON.stringify(source)));
  return [...kept, ...listed.values()];
}

/** `client_id` and `scope` mean the values that the gateway derived, because issuers use other claims for them. */
function parseSource(text: string): Result<ClaimSource, FaultText> {
  if (text === "client_id") return success({ kind: "client" });
  if (text === "scope") return success({ kind: "scopes" });
  const path = parseClaimPath(text);
  return path.ok ? success({ kind: "claim", path: path.value }) : path;
}
