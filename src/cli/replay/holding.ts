import type { Reason } from "../../answer/denial.ts";
import { acceptsTenant, issuerOf, tenantIn } from "../../policy/issuers/tenants.ts";
import type { Issuer, Policy } from "../../policy/policy.ts";
import { effectiveScopes, mayGrant } from "../../policy/scopes.ts";
import { MAX_REMEMBERED_HOLDINGS } from "../decisions/log-limits.ts";
import { haveSameRules } from "./issuer-rules.ts";
import type { ObservedLine } from "./observed.ts";

/** What a policy makes of an accepted token, as far as its line says. */
export type Holding =
  | { readonly kind: "refused"; readonly reason: Reason }
  /** The rules for tokens of the issuer have changed, so nothing is known. */
  | { readonly kind: "untold" }
  | HeldScopes;

/** The scopes of an accepted token, as far as they are known. */
export interface HeldScopes {
  readonly kind: "held";
  /** Name of the issuer. */
  readonly issuer: string;
  /** The scopes that it surely grants, with all that they imply. */
  readonly least: ReadonlySet<string>;
  /** The scopes that it may grant, with all that they imply. */
  readonly most: ReadonlySet<string>;
}

type Token = Pick<ObservedLine, "issuer" | "client_id" | "granted">;

/** What a policy makes of the tokens of lines. There are far fewer tokens that differ than lines. */
export class Holdings {
  readonly #before: Policy | undefined;
  readonly #after: Policy;
  readonly #known = new Map<string, Holding>();

  constructor(before: Policy | undefined, after: Policy) {
    this.#before = before;
    this.#after = after;
  }

  /** @param isBefore whether the policy before wrote the line: see `holdingOf` */
  of(token: Token, isBefore: boolean): Holding {
    const { issuer, client_id: client, granted = [] } = token;
    const key = [issuer, client, isBefore, granted.join(" ")].join("\n");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_REMEMBERED_HOLDINGS) this.#known.clear();
    const holding = holdingOf(token, isBefore ? this.#before : undefined, this.#after);
    this.#known.set(key, holding);
    return holding;
  }
}

/**
 * What a policy makes of the token of a line. The line has the scopes that counted under the policy that wrote it. A
 * scope that did not count there, because that policy did not declare it or did not allow it, may be in the token all
 * the same.
 *
 * @param before the policy that wrote the line; `undefined`: nobody knows it. Then it is taken to have had the same
 * rules for issuers, and to have counted all scopes
 */
function holdingOf(token: Token, before: Policy | undefined, after: Policy): Holding {
  const { issuer: iss = "", client_id: clientId, granted = [] } = token;
  const issuer = issuerOf(after, iss);
  if (issuer === undefined) return { kind: "refused", reason: "issuer-unknown" };
  if (issuer.tenants !== undefined && !acceptsTenant(issuer, tenantIn(issuer, iss) ?? "")) {
    return { kind: "refused", reason: "tenant-mismatch" };
  }
  const client = clientId === undefined ? undefined : after.registrations.get(issuer.name)?.get(clientId);
  if (issuer.registeredClientsOnly && client === undefined) return { kind: "refused", reason: "client-mismatch" };
  const old = before && issuerOf(before, iss);
  if (old !== undefined && !haveSameRules(old, issuer)) return { kind: "untold" };
  const isAllowed = (name: string) => !issuer.registeredClientsOnly || client?.scopes.has(name) === true;
  const names = granted.filter(isAllowed);
  const hidden =
    before === undefined || old === undefined
      ? []
      : [...after.scopes.byFullName.keys()].filter((name) => isAllowed(name) && !counted(name, old, clientId, before));
  const sure = names.filter((name) => isRead(name, issuer, before, after));
  const effective = (scopes: readonly string[]) => effectiveScopes(after.scopes, issuer.name, scopes);
  const least = effective(sure);
  return {
    kind: "held",
    issuer: issuer.name,
    least,
    most: hidden.length === 0 && sure.length === names.length ? least : effective([...names, ...hidden]),
  };
}

/** Whether a scope of a token would be in the line. */
function counted(name: string, issuer: Issuer, clientId: string | undefined, before: Policy): boolean {
  if (!before.scopes.byFullName.has(name) || !mayGrant(before.scopes, issuer.name, name)) return false;
  if (issuer.scopeNames === "short" && isAmbiguous(name, before)) return false;
  if (!issuer.registeredClientsOnly || clientId === undefined) return true;
  return before.registrations.get(issuer.name)?.get(clientId)?.scopes.has(name) === true;
}

/** Whether the name that the token has for a scope still means it: a short name stops once two scopes have it. */
function isRead(name: string, issuer: Issuer, before: Policy | undefined, after: Policy): boolean {
  if (!after.scopes.byFullName.has(name)) return true;
  return (
    issuer.scopeNames !== "short" || !isAmbiguous(name, after) || (before !== undefined && isAmbiguous(name, before))
  );
}

function isAmbiguous(name: string, { scopes }: Policy): boolean {
  const shortName = scopes.byFullName.get(name)?.shortName;
  return shortName !== undefined && (scopes.byShortName.get(shortName)?.length ?? 0) > 1;
}
