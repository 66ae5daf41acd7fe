import { isPreflight, preflightMethod } from "../answer/cors.ts";
import { Denial } from "../answer/denial.ts";
import { entryOf } from "../answer/reasons.ts";
import { refusalBy } from "../answer/refusal-by.ts";
import type { Exchange } from "../exchange.ts";
import { isHost } from "../http/host.ts";
import { MAX_PATH_BYTES } from "../limits.ts";
import { authorize } from "../policy/authorize.ts";
import type { Requirement, Route, ServedPolicy } from "../policy/policy.ts";
import { canonicalPath, hasEncodedSlash, hasPathParameters } from "../policy/routing/canonical-path.ts";
import { matchOnHost } from "../policy/routing/match-on-host.ts";
import { isReservedPath } from "../policy/routing/reserved-paths.ts";
import { routeFor } from "../policy/routing/route-table.ts";
import { requestHost, whyNotServed } from "../policy/routing/served-hosts.ts";
import { isReporting } from "../policy/settings/report-only.ts";
import type { Admission } from "../token/admit.ts";
import { bearerToken } from "../token/bearer.ts";
import { holderAt } from "../token/met-conditions.ts";
import { createWithAuthentication } from "../token/step-up/with-authentication.ts";
import { createAdmissions } from "./create-admissions.ts";
import { permission, refusal, sentPath, type Verdict } from "./verdict.ts";

/**
 * Tells how the candidate decides on a request that the enforced policy has decided on. `undefined`: both decide alike,
 * because no policy matters there.
 */
export type Judge = (exchange: Exchange, denial: Denial | undefined) => Verdict | undefined;

/**
 * Makes the judge of a candidate policy. It takes the stages of `gateway.ts` in their order, up to the place where the
 * request would go. It reads the request's head and what the enforced policy has found out, and waits for nothing.
 *
 * It believes what the enforced policy found out about the token: both have the same issuers, so the signature, the
 * claims, the binding and the list of revocations are not checked again. What the token grants is worked out under the
 * candidate. Where the enforced policy has not read the token, the verdict is `unknown`.
 *
 * It judges no rate limits, settings of DPoP and client certificates, list of revocations, assertions, endpoints of the
 * gateway, and messages of the Model Context Protocol: of a route that decides those, it judges what the token decides.
 *
 * @param candidate with the issuers of the enforced policy, by the same names
 * @param now epoch milliseconds
 */
export function createJudge(
  candidate: ServedPolicy,
  enforced: Pick<ServedPolicy, "registrations">,
  now: () => number,
): Judge {
  const keepsEncodedSlash = candidate.upstreams.values().some(({ allowEncodedSlash }) => allowEncodedSlash);
  const withAuthentication = createWithAuthentication(now);
  const admissionOf = createAdmissions(candidate, now);

  /** Stages 3 and 4, and where the request goes. */
  const judgeOnRoute = (
    route: Route,
    path: string,
    exchange: Exchange,
    denial: Denial | undefined,
  ): Verdict | undefined => {
    const { requirement, path: pattern } = route;
    const credentials = exchange.headers.get("authorization");
    const onlyReports = isReporting(route.report, now());
    const isRead = requirement.kind !== "public" && (requirement.kind !== "optional" || credentials !== null);
    const found = isRead ? authenticated(exchange, credentials, exchange.wouldDeny ?? denial) : undefined;
    if (found === "unknown" && !onlyReports) return { decision: "unknown", route: pattern };
    // Without a look at the token, a route that only reports lets the request go on all the same.
    const refused = found === "unknown" ? undefined : refusalOf(found, requirement, path);
    if (refused !== undefined && !onlyReports) return refusal(refused, pattern);
    if (sentPath(route, path).length > MAX_PATH_BYTES) return refusal("path-too-long", pattern);
    // The rest is decided on the message, which is gone.
    if (route.mcp !== undefined) {
      return exchange.route?.mcp === undefined ? { decision: "unknown", route: pattern } : undefined;
    }
    return permission(route, pattern, refused);
  };

  /** Stage 4, after what stage 3 has found. */
  const refusalOf = (
    found: Admission | Denial | undefined,
    requirement: Requirement,
    path: string,
  ): Denial | undefined => {
    if (found instanceof Denial) return found;
    const holder = found && withAuthentication(holderAt(path, requirement, found), requirement, found);
    return refusalBy(authorize(requirement, holder));
  };

  /** What the candidate makes of the token, from what the enforced policy knows of it. */
  const authenticated = (
    { authentication }: Exchange,
    credentials: string | null,
    denial: Denial | undefined,
  ): Admission | Denial | "unknown" => {
    if (authentication !== undefined) return admissionOf(authentication.token);
    if (denial !== undefined && entryOf(denial).stage === "authenticate") {
      return isRegisteredNow(denial) ? "unknown" : denial;
    }
    // The enforced policy has not read the token. Without one, and without a look at the rest, the candidate refuses.
    if (credentials === null || credentials === "") return new Denial("credentials-missing");
    const text = candidate.dpop === undefined ? bearerToken(credentials) : undefined;
    return text instanceof Denial ? text : "unknown";
  };

  /** Whether the client was refused that the candidate registers: its claims are gone, and so is what they grant. */
  const isRegisteredNow = ({ reason, token }: Denial): boolean => {
    if (reason !== "client-mismatch" || !token?.isVerified) return false;
    const { clientId = "" } = token;
    const isNew = (issuer: string) =>
      candidate.registrations.get(issuer)?.has(clientId) && !enforced.registrations.get(issuer)?.has(clientId);
    return candidate.issuers.values().some(({ name }) => isNew(name));
  };

  return (exchange, denial) => {
    const { request, method, headers, url } = exchange;
    const host = headers.get("host");
    if (host !== null && !isHost(host)) return undefined;
    const canonical = canonicalPath(url.pathname, keepsEncodedSlash);
    if (!canonical.ok) return refusal(canonical.failure.reason);
    if (candidate.hosts && whyNotServed(candidate.hosts, host, url.hostname) !== undefined) {
      return refusal("host-unknown");
    }
    const path = canonical.value;
    const hasSlash = keepsEncodedSlash && hasEncodedSlash(path);
    if (isReservedPath(path)) {
      if (hasSlash) return refusal("path-ambiguous");
      // The endpoints answer under either policy.
      return exchange.path === path ? undefined : { decision: "unknown" };
    }
    const group = matchOnHost(candidate, requestHost(host, url.hostname), path);
    const preflight = candidate.cors !== undefined && isPreflight(request);
    const route = group && routeFor(group, preflight ? preflightMethod(request) : method);
    if (hasPathParameters(path) && !route?.upstream.allowPathParameters) return refusal("path-ambiguous");
    if (hasSlash && !route?.upstream.allowEncodedSlash) return refusal("path-ambiguous");
    if (group === undefined) return refusal("route-unknown");
    if (preflight) return { decision: "allow", route: group.shape };
    if (route === undefined) return refusal("method-not-allowed", group.shape);
    return judgeOnRoute(route, path, exchange, denial);
  };
}
