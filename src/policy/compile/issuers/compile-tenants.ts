import { parseSafeUrl } from "../../../http/safe-url.ts";
import { parseClaimPath } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import { acceptsTenant, isGuid, SOME_TENANT, TENANT } from "../../issuers/tenants.ts";
import type { Issuer, Tenants } from "../../policy.ts";
import { CHECKED_CLAIMS } from "./checked-claims.ts";

/** `{tenant}` as one whole path segment of a URL without query and fragment. */
const TEMPLATE = /^(https?:\/\/[^/?#]+\/(?:[^?#]*\/)?)\{tenant\}((?:\/[^?#]*)?)$/;
const MEMBERS = ["tenants", "tenantClaim"] as const;

/** The members of an issuer that are about its tenants. One that is there and `undefined` is faulty. */
export interface TenantsConfig {
  readonly issuer?: string | undefined;
  readonly jwksUri?: string | undefined;
  readonly tenants?: string | readonly (string | undefined)[] | undefined;
  readonly tenantClaim?: string | undefined;
}

/** Compiles what issuers say of tenants. A build may leave it out of the Worker. */
export interface TenancyCompiler {
  readonly compile: typeof compileTenants;
  readonly reportClashes: typeof reportTenantClashes;
}

/** What was compiled: `undefined` is an issuer without tenants. */
export interface CompiledTenants {
  readonly tenants: Tenants | undefined;
}

/**
 * Compiles what an issuer says of its tenants, or returns `undefined` once a fault is reported. The vars of the Worker
 * may differ from those of the build, so it checks everything again there.
 */
export function compileTenants(part: TenantsConfig, path: Fault["path"], report: Report): CompiledTenants | undefined {
  const { issuer } = part;
  if (issuer === undefined) return undefined;
  const written = MEMBERS.filter((member) => Object.hasOwn(part, member));
  if (!issuer.includes(TENANT)) {
    for (const member of written) {
      report([...path, member], `\`issuer\` has no \`${TENANT}\`.`, `Write it there, or remove \`${member}\`.`);
    }
    if (issuer.includes("{tenantid}")) {
      report(
        [...path, "issuer"],
        "`{tenantid}` is not a placeholder here.",
        `Write \`${TENANT}\` and list the \`tenants\`.`,
      );
      return undefined;
    }
    return written.length === 0 ? { tenants: undefined } : undefined;
  }
  const ends = compileTemplate(issuer, [...path, "issuer"], report);
  for (const [member, hint] of NEEDED) {
    if (Object.hasOwn(part, member)) continue;
    report(path, `\`issuer\` has \`${TENANT}\`, so the issuer needs \`${member}\`.`, hint);
  }
  if (part.jwksUri?.includes(TENANT)) {
    report(
      [...path, "jwksUri"],
      "One key set serves all tenants.",
      "Write the address that is the same for all of them.",
    );
  }
  const accepted = compileList(part.tenants, [...path, "tenants"], report);
  const claim = part.tenantClaim === undefined ? undefined : parseClaimPath(part.tenantClaim);
  const place = [...path, "tenantClaim"];
  if (claim?.ok === false) report(place, claim.failure.message, claim.failure.hint);
  const checked = claim?.ok ? claim.value.slice(0, 1).find((name) => CHECKED_CLAIMS.has(name)) : undefined;
  if (checked !== undefined) report(place, `The claim \`${checked}\` never names the tenant.`, NAME_TENANT_CLAIM);
  return ends && accepted && claim?.ok ? { tenants: { ...ends, accepted, claim: claim.value } } : undefined;
}

const NAME_TENANT_CLAIM = 'Name the claim with the tenant. Entra ID writes "tid".';

/** What an issuer with tenants must have. */
const NEEDED = [
  ["tenants", 'List the GUIDs of the accepted tenants, or write "any" and give a reason under `lint`.'],
  ["tenantClaim", NAME_TENANT_CLAIM],
  [
    "jwksUri",
    "Write the address of the keys of all tenants, such as https://login.microsoftonline.com/common/discovery/v2.0/keys.",
  ],
] as const;

/** What `iss` has before and after the tenant. */
function compileTemplate(
  issuer: string,
  path: Fault["path"],
  report: Report,
): Pick<Tenants, "before" | "after"> | undefined {
  if (issuer.split(TENANT).length > 2) {
    report(path, `\`${TENANT}\` stands there twice.`, "Keep the one that is a path segment.");
    return undefined;
  }
  const url = parseSafeUrl(issuer.replace(TENANT, SOME_TENANT));
  if (!url.ok) {
    report(path, url.failure.message, url.failure.hint);
    return undefined;
  }
  const [, before, after] = TEMPLATE.exec(issuer) ?? [];
  if (before !== undefined && after !== undefined) return { before, after };
  report(
    path,
    `\`${TENANT}\` is not one whole segment of the path, or the address has a query or a fragment.`,
    `Write it between two slashes, as in https://login.microsoftonline.com/${TENANT}/v2.0.`,
  );
  return undefined;
}

function compileList(
  list: TenantsConfig["tenants"],
  path: Fault["path"],
  report: Report,
): Tenants["accepted"] | undefined {
  if (list === undefined || list === "any") return list;
  if (typeof list === "string") {
    report(path, `\`${list}\` is not one of the choices.`, 'Write "any", or a list of GUIDs.');
    return undefined;
  }
  const accepted = new Set<string>();
  for (const [index, tenant] of list.entries()) {
    if (tenant === undefined) continue;
    const lower = tenant.toLowerCase();
    if (!isGuid(tenant)) {
      report([...path, index], `\`${tenant}\` is not a GUID.`, `Write the tenant's id, such as ${SOME_TENANT}.`);
    } else if (tenant !== lower) {
      report([...path, index], "The GUID has upper-case letters.", `Write it as tokens have it: ${lower}.`);
    } else if (accepted.has(tenant)) {
      report([...path, index], `The tenant \`${tenant}\` is listed twice.`, "Remove one of them.");
    }
    accepted.add(lower);
  }
  return accepted;
}

/** Reports two issuers if one value of `iss` could mean either. */
export function reportTenantClashes(issuers: ReadonlyMap<string, Issuer>, report: Report): void {
  const all = [...issuers.values()];
  for (const [index, one] of all.entries()) {
    if (one.tenants === undefined) continue;
    const twin = all.find((other, at) => (other.tenants === undefined || at > index) && canBeEqual(one, other));
    if (twin === undefined) continue;
    report(
      ["issuers", one.name, "issuer"],
      `Tokens of one tenant would also belong to the issuer \`${twin.name}\`.`,
      "Remove the tenant from one of them: one value of `iss` has one set of rules.",
    );
  }
}

function canBeEqual(one: Issuer, other: Issuer): boolean {
  const [parts, others] = [one.issuer.split("/"), other.issuer.split("/")];
  const fits = (part: string, index: number): boolean => {
    const its = others[index] ?? "";
    if (part === its) return true;
    return (part === TENANT && acceptsTenant(one, its)) || (its === TENANT && acceptsTenant(other, part));
  };
  return one !== other && parts.length === others.length && parts.every(fits);
}

/** What `compileIssuers` needs for issuers with tenants. */
export const TENANCY: TenancyCompiler = { compile: compileTenants, reportClashes: reportTenantClashes };
