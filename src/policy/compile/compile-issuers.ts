import { parseSafeUrl } from "../../http/safe-url.ts";
import {
  DEFAULT_CLOCK_TOLERANCE_SECONDS,
  DEFAULT_COOLDOWN_SECONDS,
  DEFAULT_ISSUER_TIMEOUT_MS,
  DEFAULT_MAX_STALE_SECONDS,
  DEFAULT_PUBLICATION_LAG_SECONDS,
  DEFAULT_REFRESH_AFTER_SECONDS,
} from "../../limits.ts";
import { fault } from "../../result.ts";
import { absentModule, type Fault, type Report } from "../fault.ts";
import { ALGORITHMS, SCOPE_NAMES } from "../issuer-choices.ts";
import { TENANT } from "../issuers/tenants.ts";
import type { Issuer, KeySettings } from "../policy.ts";
import { PROFILE_NAMES, PROFILES } from "../profiles.ts";
import type { compileAcrSettings } from "./authentication/compile-acr-settings.ts";
import { compileAudienceClaims } from "./issuers/compile-audience-claims.ts";
import { compileBinding } from "./issuers/compile-binding.ts";
import { compileScopeClaim } from "./issuers/compile-scope-claim.ts";
import type { TenancyCompiler } from "./issuers/compile-tenants.ts";
import type { IssuerConfig, PolicyConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/**
 * Compiles `issuers`, by the exact value of `iss`. Reports two issuers with one value. Does not look at `grants` in the
 * file: see `compileGrants`.
 *
 * @param grants what the claims of each issuer grant, by the issuer's name
 * @param compilers see `IssuerCompilers`
 */
export function compileIssuers(
  configs: Salvaged<PolicyConfig>["issuers"],
  grants: ReadonlyMap<string, Issuer["grants"]>,
  report: Report,
  compilers: IssuerCompilers,
): Map<string, Issuer> {
  const issuers = new Map<string, Issuer>();
  const names = new Map<string, string>();
  for (const [name, part] of Object.entries(configs ?? {})) {
    if (part === undefined) continue;
    const path = ["issuers", name];
    const twin = part.issuer === undefined ? undefined : names.get(part.issuer);
    if (twin !== undefined) {
      report(
        [...path, "issuer"],
        `The issuer \`${twin}\` has the same value.`,
        "Remove one of them: one value of `iss` has one set of rules.",
      );
    } else if (part.issuer !== undefined) names.set(part.issuer, name);
    const issuer = compileIssuer(name, part, path, report, compilers);
    if (issuer) issuers.set(issuer.issuer, { ...issuer, grants: grants.get(name) ?? [] });
  }
  compilers.tenancy?.reportClashes(issuers, report);
  return issuers;
}

/** What compiles the members that few issuers have. A build may leave it out. */
export interface IssuerCompilers {
  /** Left out: an issuer with anything about tenants is a fault. */
  readonly tenancy: TenancyCompiler | undefined;
  /** Left out: how strongly users authenticated is not looked at. */
  readonly compileAcrSettings: typeof compileAcrSettings | undefined;
}

/** For a Worker whose policy has no tenants when it is built. A variable may bring some in. */
const refuseTenants: TenancyCompiler["compile"] = (part, _path, report) => {
  const { issuer } = part;
  if (issuer === undefined) return undefined;
  if (!(issuer.includes("{tenant") || Object.hasOwn(part, "tenants") || Object.hasOwn(part, "tenantClaim"))) {
    return { tenants: undefined };
  }
  const { path, message, hint } = absentModule("tenants");
  report(path, message, hint);
  return undefined;
};

function compileIssuer(
  name: string,
  part: Salvaged<IssuerConfig>,
  path: Fault["path"],
  report: Report,
  { tenancy, compileAcrSettings }: IssuerCompilers,
) {
  const { issuer } = part;
  const profile = oneOf(PROFILE_NAMES, part.profile, [...path, "profile"], report);
  const scopeNames = oneOf(SCOPE_NAMES, part.scopeNames, [...path, "scopeNames"], report);
  const requested = oneOf(SCOPE_NAMES, part.requestedScopeNames, [...path, "requestedScopeNames"], report);
  const algorithms = part.algorithms?.map((it, index) => oneOf(ALGORITHMS, it, [...path, "algorithms", index], report));
  const keys = compileKeys(part.keys ?? {}, [...path, "keys"], report);
  const tenants = (tenancy?.compile ?? refuseTenants)(part, path, report);
  const jwksUri = compileJwksUri(part, path, report);
  const scopeClaim = compileScopeClaim(part.scopeClaim, [...path, "scopeClaim"], report);
  const binding = compileBinding(part.binding, [...path, "binding"], report);
  if (profile === undefined) return undefined;
  const defaults = PROFILES[profile];
  if (defaults.needsAudiences && !Object.hasOwn(part, "audiences")) {
    const message = `The profile \`${profile}\` needs \`audiences\`.`;
    report(
      path,
      message,
      "List the `aud` values of tokens for this API. Otherwise tokens for other APIs would be accepted.",
    );
  }
  const audienceClaims = compileAudienceClaims(part.audienceClaims, profile, [...path, "audienceClaims"], report);
  if (tenants?.tenants !== undefined && audienceClaims.some(([claim]) => claim === "iss")) {
    report(
      [...path, "audienceClaims"],
      "`iss` names the tenant here.",
      "Name a claim that says whom the token is for.",
    );
  }
  const acrSettings = compileAcrSettings?.(part, path, report);
  if (issuer === undefined || tenants === undefined || jwksUri === undefined) return undefined;
  return {
    name,
    issuer,
    tenants: tenants.tenants,
    jwksUri,
    profile,
    algorithms: setOf(algorithms ?? defaults.algorithms),
    audiences: part.audiences && setOf(part.audiences),
    audienceClaims,
    scopeClaim,
    scopeNames: scopeNames ?? defaults.scopeNames,
    ...(requested && requested !== (scopeNames ?? defaults.scopeNames) && { requestedScopeNames: requested }),
    clockToleranceSeconds: part.clockToleranceSeconds ?? DEFAULT_CLOCK_TOLERANCE_SECONDS,
    registeredClientsOnly: part.registeredClientsOnly ?? false,
    ...(binding && { binding }),
    ...acrSettings,
    keys,
  } satisfies Omit<Issuer, "grants">;
}

/** Checked again here, because the Worker's vars may differ from those that the schema was checked with. */
function oneOf<Choice extends string>(
  choices: readonly Choice[],
  text: string | undefined,
  path: Fault["path"],
  report: Report,
): Choice | undefined {
  const chosen = choices.find((choice) => choice === text);
  if (chosen === undefined && text !== undefined) {
    report(path, `\`${text}\` is not one of the choices.`, `Write one of ${choices.join(", ")}.`);
  }
  return chosen;
}

function compileKeys(
  part: NonNullable<Salvaged<IssuerConfig>["keys"]>,
  path: Fault["path"],
  report: Report,
): KeySettings {
  const refreshAfterSeconds = part.refreshAfterSeconds ?? DEFAULT_REFRESH_AFTER_SECONDS;
  const maxStaleSeconds = part.maxStaleSeconds ?? DEFAULT_MAX_STALE_SECONDS;
  // A faulty value is `undefined` here. It must not be compared as if it were missing.
  const isFaulty = ["refreshAfterSeconds", "maxStaleSeconds"].some(
    (member) => Object.hasOwn(part, member) && part[member as keyof typeof part] === undefined,
  );
  if (maxStaleSeconds < refreshAfterSeconds && !isFaulty) {
    const message = `\`maxStaleSeconds\` (${maxStaleSeconds}) is less than \`refreshAfterSeconds\` (${refreshAfterSeconds}).`;
    report(
      path,
      message,
      "Raise `maxStaleSeconds` or lower `refreshAfterSeconds`: keys would expire before they are refreshed.",
    );
  }
  return {
    refreshAfterSeconds,
    maxStaleSeconds,
    cooldownSeconds: part.cooldownSeconds ?? DEFAULT_COOLDOWN_SECONDS,
    publicationLagSeconds: part.publicationLagSeconds ?? DEFAULT_PUBLICATION_LAG_SECONDS,
    timeoutMs: part.timeoutMs ?? DEFAULT_ISSUER_TIMEOUT_MS,
  };
}

function compileJwksUri(part: Salvaged<IssuerConfig>, path: Fault["path"], report: Report): string | undefined {
  const given = Object.hasOwn(part, "jwksUri");
  // `compile` of the tenants asks for the address: the default would contain the place of the tenant.
  if (!given && part.issuer?.includes(TENANT)) return undefined;
  // Some issuers end with a slash (Auth0's do). It is part of `iss` and must not be doubled here.
  const text = given
    ? part.jwksUri
    : part.issuer && `${part.issuer}${part.issuer.endsWith("/") ? "" : "/"}.well-known/jwks.json`;
  if (text === undefined) return undefined;
  const url = text.includes("#")
    ? fault("The URL has a fragment.", "Leave out `#` and what follows.")
    : parseSafeUrl(text);
  if (url.ok) return url.value.href;
  const { message, hint } = url.failure;
  if (given) report([...path, "jwksUri"], message, hint);
  else report([...path, "issuer"], message, "Correct it, or set `jwksUri`.");
  return undefined;
}

function setOf(items: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(items.filter((item) => item !== undefined));
}
