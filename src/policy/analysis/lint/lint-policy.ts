import type { Fault } from "../../fault.ts";
import { type IssuerLint, LINTS, type LintCode, type LintSeverity, type SuppressibleLint } from "../../lint-codes.ts";
import type { Policy } from "../../policy.ts";
import type { ReportLint } from "./lint-reports.ts";
import { mergeFindings } from "./merge-findings.ts";
import { clientOpensNothing } from "./rules/clients/client-opens-nothing.ts";
import { noRegisteredClient } from "./rules/clients/no-registered-client.ts";
import { refusedClient } from "./rules/clients/refused-client.ts";
import { sharedClientName } from "./rules/clients/shared-client-name.ts";
import { unregisteredClients } from "./rules/clients/unregistered-clients.ts";
import { collectionWithoutItems } from "./rules/collection-without-items.ts";
import { httpUpstream } from "./rules/http-upstream.ts";
import { anyTenant } from "./rules/issuers/any-tenant.ts";
import { audienceWithoutAud } from "./rules/issuers/audience-without-aud.ts";
import { unfamiliarClaim } from "./rules/issuers/unfamiliar-claim.ts";
import { unlimitedIssuer } from "./rules/issuers/unlimited-issuer.ts";
import { unorderedAcr } from "./rules/issuers/unordered-acr.ts";
import { unusedBinding } from "./rules/issuers/unused-binding.ts";
import { unusedDpop } from "./rules/issuers/unused-dpop.ts";
import { unusedGrant } from "./rules/issuers/unused-grant.ts";
import { unusedMtls } from "./rules/issuers/unused-mtls.ts";
import { unwrittenAcr } from "./rules/issuers/unwritten-acr.ts";
import { itemsWithoutCollection } from "./rules/items-without-collection.ts";
import { longClockTolerance } from "./rules/long-clock-tolerance.ts";
import { longStaleKeys } from "./rules/long-stale-keys.ts";
import { looserSibling } from "./rules/looser-sibling.ts";
import { unlistedHandshake } from "./rules/mcp/unlisted-handshake.ts";
import { unlistedList } from "./rules/mcp/unlisted-list.ts";
import { unreachedMessage } from "./rules/mcp/unreached-message.ts";
import { publicWrite } from "./rules/public-write.ts";
import { uncountedCaller } from "./rules/rate-limits/uncounted-caller.ts";
import { unusedRateLimit } from "./rules/rate-limits/unused-rate-limit.ts";
import type { Rule, RuleFinding } from "./rules/rule.ts";
import { servedRevokedTokens } from "./rules/served-revoked-tokens.ts";
import { undecidedSibling } from "./rules/undecided-sibling.ts";
import { unheldScope } from "./rules/unheld-scope.ts";
import { unmeetableRequirement } from "./rules/unmeetable-requirement.ts";
import { unusedIssuer } from "./rules/unused-issuer.ts";
import { unusedResource } from "./rules/unused-resource.ts";
import { unusedScope } from "./rules/unused-scope.ts";
import { unusedUpstream } from "./rules/unused-upstream.ts";
import { sharedUpstreamPath } from "./rules/upstreams/shared-upstream-path.ts";
import { unusedAssertion } from "./rules/upstreams/unused-assertion.ts";
import { writtenSecret } from "./rules/upstreams/written-secret.ts";
import { wildcardOrigin } from "./rules/wildcard-origin.ts";

/** A flaw of a valid policy. It does not keep the policy from serving. */
export interface Lint extends Omit<RuleFinding, "group" | "issuer"> {
  readonly code: LintCode;
  readonly severity: LintSeverity;
}

/** The lints that parts of the file suppress, with the reason for each. */
export interface Suppressions {
  /** In the order of the file. */
  readonly routes: readonly Suppressing<SuppressibleLint>[];
  /** By name. */
  readonly issuers?: Readonly<Record<string, Suppressing<IssuerLint>>>;
}

interface Suppressing<Code extends LintCode> {
  readonly lint?: Partial<Readonly<Record<Code, string>>>;
}

/** All lints of a policy. */
export interface LintReport {
  readonly lints: readonly Lint[];
  /** The lints that their route or issuer suppresses. */
  readonly suppressed: readonly (Lint & { readonly reason: string })[];
}

/**
 * Lints without a rule: one is about the suppressions. `check` finds some when it proves the guarantees, and
 * `lintReports` finds those that depend on the day.
 */
type WithoutRule = "needless-silence" | "idle-guarantee" | "unserved-guarantee" | ReportLint;

/** The rule of every other lint. */
const RULES: { readonly [Code in Exclude<LintCode, WithoutRule>]: Rule } = {
  "unmeetable-requirement": unmeetableRequirement,
  "unheld-scope": unheldScope,
  "looser-sibling": looserSibling,
  "shared-upstream-path": sharedUpstreamPath,
  "undecided-sibling": undecidedSibling,
  "unlisted-handshake": unlistedHandshake,
  "public-write": publicWrite,
  "uncounted-caller": uncountedCaller,
  "collection-without-items": collectionWithoutItems,
  "items-without-collection": itemsWithoutCollection,
  "unreached-message": unreachedMessage,
  "unlisted-list": unlistedList,
  "unused-scope": unusedScope,
  "unused-grant": unusedGrant,
  "client-opens-nothing": clientOpensNothing,
  "shared-client-name": sharedClientName,
  "refused-client": refusedClient,
  "unused-upstream": unusedUpstream,
  "unused-rate-limit": unusedRateLimit,
  "unused-assertion": unusedAssertion,
  "unused-dpop": unusedDpop,
  "unused-mtls": unusedMtls,
  "unused-binding": unusedBinding,
  "unused-resource": unusedResource,
  "written-secret": writtenSecret,
  "http-upstream": httpUpstream,
  "unused-issuer": unusedIssuer,
  "any-tenant": anyTenant,
  "no-registered-client": noRegisteredClient,
  "unregistered-clients": unregisteredClients,
  "unfamiliar-claim": unfamiliarClaim,
  "unwritten-acr": unwrittenAcr,
  "unordered-acr": unorderedAcr,
  "audience-without-aud": audienceWithoutAud,
  "unlimited-issuer": unlimitedIssuer,
  "long-clock-tolerance": longClockTolerance,
  "long-stale-keys": longStaleKeys,
  "served-revoked-tokens": servedRevokedTokens,
  "wildcard-origin": wildcardOrigin,
};

/**
 * Runs every rule on a policy. Lints about routes come first, in the order of the routes. Lints with one cause are
 * reported as one. A suppression that matches no lint is reported as `needless-silence`, so that a reason does not
 * outlive what it was given for.
 */
export function lintPolicy(policy: Policy, suppressions: Suppressions): LintReport {
  const codes = Object.keys(RULES) as (keyof typeof RULES)[];
  const lints: Lint[] = [];
  const suppressed: (Lint & { readonly reason: string })[] = [];
  const needed = new Set<string>();
  for (const code of codes) {
    const open: RuleFinding[] = [];
    for (const finding of RULES[code](policy)) {
      const reason = reasonFor(code, finding, suppressions);
      if (reason === undefined) open.push(finding);
      else {
        suppressed.push({ ...lintOf(code, finding), reason });
        needed.add(JSON.stringify([...placeOf(finding), code]));
      }
    }
    for (const finding of mergeFindings(open)) lints.push(lintOf(code, finding));
  }
  for (const { place, lint = {} } of suppressing(suppressions)) {
    for (const code of Object.keys(lint)) {
      if (!needed.has(JSON.stringify([...place, code]))) lints.push(needlessSilence(place, code));
    }
  }
  return { lints: lints.sort(byRoute), suppressed: suppressed.sort(byRoute) };
}

/** Each part of the file that can suppress lints, with its place. */
function suppressing({ routes, issuers = {} }: Suppressions): readonly (Suppressing<LintCode> & { place: Place })[] {
  return [
    ...routes.map(({ lint = {} }, index) => ({ place: ["routes", index] as const, lint })),
    ...Object.entries(issuers).map(([name, { lint = {} }]) => ({ place: ["issuers", name] as const, lint })),
  ];
}

type Place = readonly ["routes", number] | readonly ["issuers", string];

/** The part of the file that can suppress a finding; empty if none can. */
function placeOf({ route, issuer }: RuleFinding): Place | readonly [] {
  if (route !== undefined) return ["routes", route];
  return issuer === undefined ? [] : ["issuers", issuer];
}

function byRoute(one: Lint, other: Lint): number {
  return (one.route ?? Number.MAX_SAFE_INTEGER) - (other.route ?? Number.MAX_SAFE_INTEGER);
}

function lintOf(code: LintCode, { route, path, message, hint }: RuleFinding): Lint {
  return { code, severity: LINTS[code].severity, route, path, message, hint };
}

function reasonFor(
  code: LintCode,
  { route, issuer }: RuleFinding,
  { routes, issuers = {} }: Suppressions,
): string | undefined {
  const part = route !== undefined ? routes[route] : issuer !== undefined ? issuers[issuer] : undefined;
  const reasons: Readonly<Record<string, string>> = part?.lint ?? {};
  return Object.hasOwn(reasons, code) ? reasons[code] : undefined;
}

function needlessSilence(place: Place, code: string): Lint {
  const path: Fault["path"] = [...place, "lint", code];
  const route = place[0] === "routes" ? place[1] : undefined;
  const message = `There is no \`${code}\` here to suppress.`;
  return lintOf("needless-silence", { route, path, message, hint: "Remove this suppression." });
}
