import { checkEvidenceClaims } from "../compile/authentication/check-evidence-claims.ts";
import { compileAcrSettings } from "../compile/authentication/compile-acr-settings.ts";
import { checkHeaderNames } from "../compile/check-header-names.ts";
import { checkConditionClaims, conditionUsesOf } from "../compile/conditions/check-condition-claims.ts";
import { TENANCY } from "../compile/issuers/compile-tenants.ts";
import type { compileAssertion } from "../compile/upstreams/compile-assertion.ts";
import { compileOwnHeaders } from "../compile/upstreams/compile-own-headers.ts";
import { checkStripPrefixes, compileStripPrefix } from "../compile/upstreams/strip-prefix.ts";
import { testedClaims } from "../requirements/conditions.ts";
import { loadHostedRoutes, loadRouteHosts } from "./load-route-hosts.ts";
import { loadMcp } from "./mcp-form.ts";

/** What loading a policy needs for the conditions of routes. */
export const CONDITIONS = { usesOf: conditionUsesOf, check: checkConditionClaims, testedClaims };

/** What loading a policy needs for `headers` and `allowHeaderNames` of upstreams. */
export const OWN_HEADERS = { compile: compileOwnHeaders, check: checkHeaderNames };

/** What loading a policy needs for `hosts` of routes. */
export const ROUTE_HOSTS = { load: loadRouteHosts, loadRoutes: loadHostedRoutes };

/** What loading a policy needs for `authentication` of routes. */
export const STEP_UP = { compile: compileAcrSettings, check: checkEvidenceClaims };

/** What loading a policy needs for `stripPrefix` of upstreams. */
export const STRIP_PREFIX = { compile: compileStripPrefix, check: checkStripPrefixes };

/** All that a candidate may need. Nothing is signed for its upstreams. */
export const OPTIONAL_MODULES = {
  conditions: CONDITIONS,
  mcp: { load: loadMcp },
  "own-headers": OWN_HEADERS,
  "route-hosts": ROUTE_HOSTS,
  "step-up": STEP_UP,
  "strip-prefix": STRIP_PREFIX,
  tenants: TENANCY,
};

/**
 * What compiles and checks the parts of a policy that few policies have, by the name of the feature. A build may leave
 * each out.
 */
export type OptionalModules = {
  readonly [Name in keyof typeof OPTIONAL_MODULES]?: (typeof OPTIONAL_MODULES)[Name] | undefined;
} & { readonly assertion?: { readonly compile: typeof compileAssertion } | undefined };
