import type { Issuer, ServedPolicy, Tenants } from "../policy.ts";

/** Stands in `issuer` for the path segment that names the tenant. */
export const TENANT = "{tenant}";

/** The form of a tenant, for examples. */
export const SOME_TENANT = "00000000-0000-0000-0000-000000000000";

const GUID_LENGTH = 36;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is a GUID (RFC 9562 4), in upper or lower case, without braces. */
export function isGuid(text: string): boolean {
  return text.length === GUID_LENGTH && GUID.test(text);
}

/**
 * The issuer that a value of `iss` names. Compares exactly, and a template stands for every GUID in its place. Where
 * several templates fit, the one that accepts the tenant is meant; the compiler refuses policies with two of them.
 *
 * Does not check that the issuer accepts the tenant: see `acceptsTenant`.
 */
export function issuerOf({ issuers }: Pick<ServedPolicy, "issuers">, iss: string): Issuer | undefined {
  const exact = issuers.get(iss);
  // The text `{tenant}` names no tenant, so a template is never an `iss` itself.
  if (exact !== undefined) return exact.tenants === undefined ? exact : undefined;
  let fitting: Issuer | undefined;
  for (const issuer of issuers.values()) {
    const tenant = tenantIn(issuer, iss);
    if (tenant === undefined) continue;
    if (acceptsTenant(issuer, tenant)) return issuer;
    fitting ??= issuer;
  }
  return fitting;
}

/**
 * The tenant that a value of `iss` names, as it is written there; `undefined` if the issuer's template does not fit.
 */
export function tenantIn({ tenants }: Pick<Issuer, "tenants">, iss: string): string | undefined {
  if (tenants === undefined) return undefined;
  const { before, after } = tenants;
  if (iss.length !== before.length + GUID_LENGTH + after.length) return undefined;
  if (!iss.startsWith(before) || !iss.endsWith(after)) return undefined;
  const tenant = iss.slice(before.length, before.length + GUID_LENGTH);
  return isGuid(tenant) ? tenant : undefined;
}

/**
 * Whether an issuer accepts tokens of a tenant. A GUID in upper case is refused even where any tenant is accepted: two
 * spellings of one tenant would be two tenants to upstreams.
 */
export function acceptsTenant({ tenants }: Pick<Issuer, "tenants">, tenant: string): boolean {
  if (tenants === undefined || !isGuid(tenant) || tenant !== tenant.toLowerCase()) return false;
  return tenants.accepted === "any" || tenants.accepted.has(tenant);
}

/** The `iss` of one tenant. */
export function issOfTenant({ before, after }: Tenants, tenant: string): string {
  return before + tenant + after;
}

/** The `iss` of tokens of an issuer, or of one of its tenants. */
export function tokenIss({ issuer, tenants }: Pick<Issuer, "issuer" | "tenants">, tenant: string | undefined): string {
  return tenants === undefined || tenant === undefined ? issuer : issOfTenant(tenants, tenant);
}

/** A tenant for made-up tokens: the first that is listed. If any is accepted, one that nobody has. */
export function firstTenant({ accepted }: Pick<Tenants, "accepted">): string {
  const [first = SOME_TENANT] = accepted === "any" ? [] : accepted;
  return first;
}

/** The values of `iss` that an issuer accepts, as far as the policy lists them: none if it accepts any tenant. */
export function listedIss({ issuer, tenants }: Pick<Issuer, "issuer" | "tenants">): readonly string[] {
  if (tenants === undefined) return [issuer];
  return tenants.accepted === "any" ? [] : Array.from(tenants.accepted, (tenant) => issOfTenant(tenants, tenant));
}

/**
 * Whether a key may sign for a tenant: the key's own `issuer` member must be the token's `iss`, once the tenant
 * replaces `{tenant}` or `{tenantid}` in it. Entra ID writes `{tenantid}`. A key without the member is a key of every
 * tenant.
 */
export function isKeyOfTenant(keyIssuer: string | undefined, iss: string, tenant: string): boolean {
  return keyIssuer === undefined || keyIssuer.replaceAll(/\{tenant(?:id)?\}/g, tenant) === iss;
}
