import { ALL_REASONS } from "../answer/all-reasons.ts";
import { hostNameOf } from "../http/host.ts";
import { isNeverServed } from "../http/methods.ts";
import { patternsOnHost } from "../policy/analysis/patterns-on-host.ts";
import type { Policy, Route } from "../policy/policy.ts";
import { stepUpOf } from "../policy/requirements/step-up.ts";
import { matchOnHost } from "../policy/routing/match-on-host.ts";
import { routeFor } from "../policy/routing/route-table.ts";
import { hostKey, requestHost } from "../policy/routing/served-hosts.ts";
import { closest } from "../policy/suggestion.ts";
import type { Admission } from "../token/admit.ts";
import { clientOf } from "../token/standard-claims.ts";
import { type Caller, claimedIssuer } from "./caller.ts";
import {
  audienceHints,
  authenticationHints,
  scopeHints,
  tenantClaimHints,
  timeHints,
  typeHints,
} from "./claim-hints.ts";
import type { AskedRequest, Refusal } from "./explanation.ts";
import { impossibleHints, refusedIssuerHints, ungrantableHints } from "./issuer-hints.ts";
import { messageHints } from "./message/message-hints.ts";
import { registrationHints, unregisteredClientHints } from "./registration.ts";
import { missingBindingHints } from "./token-binding.ts";

/** What a hint may depend on. */
export interface HintContext {
  readonly policy: Policy;
  readonly asked: AskedRequest;
  /** The canonical path, if there is one. */
  readonly path: string | undefined;
  /** The route for the path and method, if there is one. */
  readonly route: Route | undefined;
  readonly caller: Caller;
  readonly refusal: Refusal | undefined;
  readonly token: Admission | undefined;
}

/** The usual mistakes that lead to such a refusal, in sentences. Most refusals have none. */
export function explainHints(context: HintContext): readonly string[] {
  return [...mistakeHints(context), ...optionalHints(context)];
}

/** Says that the caller could leave out a token that is refused. */
function optionalHints({ refusal, route }: HintContext): readonly string[] {
  if (refusal === undefined || route?.requirement.kind !== "optional") return [];
  return ALL_REASONS[refusal.reason].stage === "authenticate"
    ? ["A token is optional here. Without one, the request would pass this stage."]
    : [];
}

function mistakeHints(context: HintContext): readonly string[] {
  const { refusal, asked } = context;
  if (refusal === undefined) return [];
  switch (refusal.reason) {
    case "host-unknown":
      return hostHints(context);
    case "route-unknown":
      return unknownRouteHints(context);
    case "method-not-allowed":
      return methodHints(context);
    case "token-type-mismatch":
      return context.caller.unverifiedClaims?.["token_use"] === "id"
        ? ["This is an ID token: it says who the user is. Send the access token that came with it."]
        : [];
    case "issuer-unknown":
      return issuerHints(context);
    case "tenant-mismatch":
      return tenantHints(context);
    case "issuer-not-accepted":
      return requirementHints(context, refusedIssuerHints);
    case "token-expired":
    case "token-not-yet-valid":
    case "audience-mismatch":
    case "claim-missing":
    case "token-malformed":
      return claimHints(refusal, context);
    case "client-mismatch":
      return clientHints(context);
    case "token-binding-unsupported":
      return [
        "The claim `cnf` binds the token to a key or certificate (DPoP, mTLS). Ask the issuer for a bearer token, or accept the binding in the issuer's `binding`.",
      ];
    case "token-binding-missing":
      return bindingHints(context);
    case "authentication-insufficient":
      return authenticationHintsOn(context);
    case "scope-insufficient":
      return [
        ...requirementHints(context, ungrantableHints),
        ...requirementHints(context, impossibleHints),
        ...(context.token ? scopeHints(context.token, context.policy) : []),
        ...insufficientRegistrationHints(context),
      ];
    case "condition-not-met":
      return requirementHints(context, impossibleHints);
    case "credentials-missing":
    case "message-unlisted":
    case "message-malformed":
    case "body-too-large":
      return context.route ? messageHints(context.route, asked.method, asked.message, refusal.reason) : [];
    default:
      return [];
  }
}

function requirementHints({ policy, route, token }: HintContext, hintsOf: typeof ungrantableHints): readonly string[] {
  return route && token ? hintsOf(policy, route.requirement, token) : [];
}

function authenticationHintsOn({ route, token, caller: { kind, checkedAtMs } }: HintContext): readonly string[] {
  const stepUp = route && stepUpOf(route.requirement);
  if (stepUp === undefined || token === undefined) return [];
  return authenticationHints(token, stepUp, checkedAtMs ?? Date.now(), kind === "assumed");
}

function hostHints({ policy, asked }: HintContext): readonly string[] {
  const hosts = [...(policy.hosts ?? [])];
  const name = asked.host === undefined ? new URL(asked.url).hostname : hostNameOf(asked.host);
  const bare = name.replace(/\.$/, "");
  return [
    `The policy serves ${hosts.map((host) => `\`${host}\``).join(", ")}.`,
    ...(name !== bare && hosts.includes(hostKey(bare)) ? ["A dot at the end makes it another host."] : []),
  ];
}

function unknownRouteHints({ policy, path, asked }: HintContext): readonly string[] {
  if (path === undefined) return [];
  const match = (text: string) => matchOnHost(policy, hostOfAsked(asked), text);
  const elsewhere = Array.from(policy.byHost ?? []).flatMap(([name, { table }]) => (table?.match(path) ? [name] : []));
  if (elsewhere.length > 0) return [`This path has a route on ${elsewhere.map((name) => `\`${name}\``).join(", ")}.`];
  const guarded = asked.message ? policy.routes.filter(({ mcp }) => mcp) : [];
  if (guarded.length > 0) {
    return [`The policy's MCP routes: ${guarded.map((route) => `\`${route.path}\``).join(", ")}.`];
  }
  const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
  if (other !== "" && match(other)) {
    return [`\`${other}\` has a route. A trailing slash makes it another path.`];
  }
  const lower = path.toLowerCase();
  if (lower !== path && match(lower)) return [`\`${lower}\` has a route. Paths are case-sensitive.`];
  const meant = closest(
    path,
    policy.routes.map((route) => route.path),
  );
  return meant === undefined ? [] : [`The nearest route is \`${meant}\`.`];
}

function hostOfAsked({ host, url }: AskedRequest): string {
  return requestHost(host ?? null, new URL(url).hostname);
}

function methodHints({ policy, path, asked }: HintContext): readonly string[] {
  const { method } = asked;
  if (isNeverServed(method.toUpperCase())) return ["No policy can make the gateway serve CONNECT or TRACE."];
  if (method !== method.toUpperCase()) return [`Methods are case-sensitive: send ${method.toUpperCase()}.`];
  const { own, others } = patternsOnHost(policy, hostOfAsked(asked), path ?? "");
  const [, ...looser] = [...own, ...others];
  return looser.some(({ leaf }) => routeFor(leaf, method))
    ? ["A less specific pattern serves this method, but only the most specific pattern counts. List the method there."]
    : [];
}

function issuerHints({ policy, caller }: HintContext): readonly string[] {
  const issuer = caller.unverifiedClaims?.["iss"];
  const known = Array.from(policy.issuers.keys(), (name) => `\`${name}\``).join(", ");
  if (typeof issuer !== "string") return [];
  const bare = issuer.replace(/\/$/, "");
  const differsBySlash = Array.from(policy.issuers.keys()).some(
    (it) => it !== issuer && it.replace(/\/$/, "") === bare,
  );
  return [
    `The token says it is from \`${issuer}\`; the policy accepts ${known || "none"}.`,
    ...(differsBySlash ? ["They differ in a trailing slash only. The gateway compares them exactly."] : []),
    ...(known.includes(".invalid")
      ? ["The policy's variables have placeholder values: choose wrangler's environment with --env."]
      : []),
  ];
}

function bindingHints({ policy, token, caller: { kind, unverifiedClaims } }: HintContext): readonly string[] {
  const issuer = token?.issuer ?? claimedIssuer(policy, unverifiedClaims);
  return missingBindingHints(issuer, kind === "assumed");
}

/** Which tenant the token names, and which ones the issuer accepts. */
function tenantHints({ policy, caller: { unverifiedClaims } }: HintContext): readonly string[] {
  const issuer = claimedIssuer(policy, unverifiedClaims);
  if (unverifiedClaims === undefined || issuer === undefined) return [];
  return tenantClaimHints(unverifiedClaims, issuer, String(unverifiedClaims["iss"]));
}

/** Shows the claims that failed. They come from the user's own token, so they are no secret here. */
function claimHints({ reason }: Refusal, { policy, caller }: HintContext): readonly string[] {
  const { unverifiedClaims, checkedAtMs } = caller;
  const issuer = claimedIssuer(policy, unverifiedClaims);
  if (unverifiedClaims === undefined || issuer === undefined || checkedAtMs === undefined) return [];
  if (reason === "audience-mismatch") return audienceHints(unverifiedClaims, issuer);
  return reason === "token-expired" || reason === "token-not-yet-valid"
    ? timeHints(unverifiedClaims, issuer, checkedAtMs)
    : typeHints(unverifiedClaims);
}

function clientHints({ policy, caller: { kind, unverifiedClaims } }: HintContext): readonly string[] {
  const issuer = claimedIssuer(policy, unverifiedClaims);
  if (unverifiedClaims === undefined || issuer === undefined) return [];
  const client = clientOf(unverifiedClaims);
  if (client === undefined && kind === "assumed") {
    return [
      "The issuer accepts only some clients (`registeredClientsOnly`, `audiences`): name the client that calls " +
        "(`--client`, or `client` in a table). A row with `claims` names it by `client_id` or `azp`.",
    ];
  }
  const hints = client === undefined ? [] : unregisteredClientHints(client, issuer, policy);
  if (hints.length > 0) return hints;
  if (kind === "assumed") {
    return [`The gateway accepts no token of this client: see \`audiences\` of the issuer \`${issuer.name}\`.`];
  }
  return issuer.audiences && unverifiedClaims["aud"] === undefined ? audienceHints(unverifiedClaims, issuer) : [];
}

function insufficientRegistrationHints({ policy, route, token }: HintContext): readonly string[] {
  return route && token ? registrationHints(policy, route, token) : [];
}
