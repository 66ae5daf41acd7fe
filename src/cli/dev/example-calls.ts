import { Denial } from "../../answer/denial.ts";
import { dryRun } from "../../explain/dry-run.ts";
import type { AskedMessage } from "../../explain/message/asked-message.ts";
import type { IssuerSettings } from "../../local/issuer/issuer-settings.ts";
import { tokenClaims } from "../../local/issuer/token-claims.ts";
import type { StackPlan } from "../../local/plan/plan-stack.ts";
import { shortestName } from "../../policy/analysis/format-requirement.ts";
import { smallestScopeSets } from "../../policy/analysis/formulas/smallest-scope-sets.ts";
import { policyAt } from "../../policy/analysis/reports.ts";
import { acceptsIssuer, admitsAnyone } from "../../policy/authorize.ts";
import { issuerOf } from "../../policy/issuers/tenants.ts";
import type { Policy, Route } from "../../policy/policy.ts";
import { settleConditions } from "../../policy/requirements/settle-conditions.ts";
import { hostKey } from "../../policy/routing/served-hosts.ts";
import { mayGrant } from "../../policy/scopes.ts";
import { admit } from "../../token/admit.ts";
import type { Authenticate } from "../../token/authenticate.ts";
import { exampleMessages } from "./example-messages.ts";

/** A call to try, with what the gateway does with it. */
export interface ExampleCall {
  readonly method: string;
  readonly path: string;
  /** The MCP message that it sends; left out: it has no body. */
  readonly message?: AskedMessage;
  /** The host to name in the request; `undefined`: that of the gateway's local address. */
  readonly host: string | undefined;
  readonly hasToken: boolean;
  /** `forwarded`, with the reason where the route only reports a refusal, or status and reason of the refusal. */
  readonly outcome: string;
}

/** A token to ask the local issuer for. */
export interface ExampleToken {
  /** The value of `--client`. */
  readonly client: string;
  /** The value of `--scope`; `undefined`: the client is registered, and gets all of its scopes. */
  readonly scopes: string | undefined;
  /** The value of `--issuer`; `undefined`: there is only one issuer. */
  readonly issuer: string | undefined;
}

/** What to try first with a policy. */
export interface Example {
  readonly token: ExampleToken | undefined;
  readonly calls: readonly ExampleCall[];
}

/** More routes or callers are not tried, so that a large policy does not delay the start. */
const MAX_ROUTES = 200;
const MAX_CALLERS = 20;
const MAX_MESSAGES = 20;

/**
 * Finds one call that the gateway forwards and one that it refuses, with the same token if there is such a token. The
 * gateway itself decides, on the claims that the local issuer would sign.
 *
 * @param origin the gateway's
 * @param nowMs epoch milliseconds
 */
export async function exampleCalls(plan: StackPlan, origin: string, nowMs: number): Promise<Example> {
  const policy = plan.policy && policyAt(plan.policy, nowMs);
  if (policy === undefined) return { token: undefined, calls: [] };
  const asked = askedCalls(policy.routes);
  const target = targetOf(policy, origin);
  const anonymous = await callsOf(policy, target, asked, undefined);
  let best: Example = { token: undefined, calls: anonymous };
  for (const { token, authenticate } of callers(plan, policy, nowMs).slice(0, MAX_CALLERS)) {
    const calls = await callsOf(policy, target, asked, authenticate);
    const isBetter = best.token === undefined || calls.length > best.calls.length;
    if (calls.some(({ outcome }) => outcome === FORWARDED) && isBetter) best = { token, calls };
    if (best.token !== undefined && best.calls.length > 1) break;
  }
  if (best.token === undefined || best.calls.length > 1) return best;
  return { ...best, calls: [...best.calls, ...anonymous.filter(({ outcome }) => outcome !== FORWARDED)] };
}

const FORWARDED = "forwarded";

interface Target {
  readonly origin: string;
  readonly host: string | undefined;
}

/** A policy that does not serve the gateway's local address is asked for the first host that it serves. */
function targetOf({ hosts }: Policy, origin: string): Target {
  const [host] = hosts ?? [];
  const isServed = hosts === undefined || hosts.has(hostKey(new URL(origin).hostname));
  return isServed || host === undefined ? { origin, host: undefined } : { origin: `http://${host}`, host };
}

interface AskedCall {
  readonly method: string;
  readonly path: string;
  readonly route: Route;
  readonly message?: AskedMessage;
}

/** One call for each route, and some for each MCP route: those that are easy to type and change nothing come first. */
function askedCalls(routes: readonly Route[]): readonly AskedCall[] {
  const effort = ({ method, route, message }: AskedCall) =>
    message ? 4 : (method === "GET" ? 0 : 2) + (/[:*]/.test(route.path) ? 1 : 0);
  return routes
    .slice(0, MAX_ROUTES)
    .flatMap((route): readonly AskedCall[] => {
      if (route.mcp !== undefined) {
        const messages = exampleMessages(route.mcp).slice(0, MAX_MESSAGES);
        return messages.map((message) => ({ method: "POST", path: route.path, route, message }));
      }
      const [first = "GET"] = route.methods;
      const method = first === "*" || route.methods.includes("GET") ? "GET" : first;
      return [{ method, path: route.path.replace(/:[^/]+|\*$/g, "1"), route }];
    })
    .sort((a, b) => effort(a) - effort(b));
}

/**
 * The first call that is permitted and the first that is refused, or that a route only reports. Without a token, the
 * gateway refuses for that alone.
 */
async function callsOf(
  policy: Policy,
  { origin, host }: Target,
  asked: readonly AskedCall[],
  authenticate: Authenticate | undefined,
): Promise<readonly ExampleCall[]> {
  const found = new Map<boolean, ExampleCall>();
  for (const { method, path, route, message } of asked) {
    if (authenticate !== undefined && admitsAnyone(route.requirement)) continue;
    const request = { method, url: origin + path, message };
    const { exchange, denial, response } = await dryRun(policy, request, authenticate);
    const isPermitted = denial === undefined && exchange.wouldDeny === undefined;
    if (exchange.route?.index !== route.index || found.has(isPermitted)) continue;
    const reported = exchange.wouldDeny ? `${FORWARDED}, would be refused: ${exchange.wouldDeny.reason}` : FORWARDED;
    const outcome = denial === undefined ? reported : `${response.status} ${denial.reason}`;
    const call = { method, path, host, hasToken: authenticate !== undefined, outcome };
    found.set(isPermitted, message ? { ...call, message } : call);
    if (found.size === 2) break;
  }
  return [true, false].flatMap((isPermitted) => found.get(isPermitted) ?? []);
}

interface ExampleCaller {
  readonly token: ExampleToken;
  readonly authenticate: Authenticate;
}

/** Registered clients first: their names say more to the reader than a client that is made up. */
function callers({ issuers }: StackPlan, policy: Policy, nowMs: number): readonly ExampleCaller[] {
  const nameOf = (issuer: IssuerSettings) => (policy.issuers.size > 1 ? issuer.name : undefined);
  const registered = issuers.flatMap((issuer) =>
    Array.from(policy.clients.values())
      .filter((client) => client.issuer === issuer.name)
      .map(({ name, id, scopes }) => ({
        token: { client: name, scopes: undefined, issuer: nameOf(issuer) },
        authenticate: holderOf(policy, issuer, id, [...scopes], nowMs),
      })),
  );
  const open = issuers.filter(({ acceptsAnyClient, clients }) => acceptsAnyClient && clients.length === 0);
  const others = open.flatMap((issuer) =>
    scopeSets(policy, issuer.name).map((scopes) => ({
      token: {
        client: "local",
        scopes: scopes.map((name) => shortestName(name, policy)).join(" "),
        issuer: nameOf(issuer),
      },
      authenticate: holderOf(policy, issuer, "local", scopes, nowMs),
    })),
  );
  return [...registered, ...others];
}

function holderOf(
  policy: Policy,
  settings: IssuerSettings,
  clientId: string,
  scopes: readonly string[],
  nowMs: number,
): Authenticate {
  const claims = tokenClaims(settings, { clientId, scopes }, "example", nowMs);
  const issuer = issuerOf(policy, settings.issuer);
  const found = issuer === undefined ? new Denial("issuer-unknown") : admit(claims, issuer, policy, nowMs);
  return () => (found instanceof Denial ? found : { token: found, keySource: "memory", tokenCache: "miss" });
}

/**
 * For each route that accepts the issuer, a set of its scopes that is enough; no scopes, if any of its tokens is
 * enough.
 */
function scopeSets(policy: Policy, issuer: string): readonly (readonly string[])[] {
  const sets = policy.routes.slice(0, MAX_ROUTES).flatMap(({ requirement }) => {
    if (admitsAnyone(requirement) || !acceptsIssuer(requirement, issuer)) return [];
    if (requirement.kind !== "scopes") return [[]];
    // A condition that the local issuer's tokens do not meet leads to a refusal, which is an example, too.
    const needed = settleConditions(requirement.expression, () => true);
    if (typeof needed === "boolean") return [[]];
    const [smallest] = smallestScopeSets(needed, policy.scopes, (name) => mayGrant(policy.scopes, issuer, name)).sets;
    return smallest === undefined ? [] : [[...smallest]];
  });
  return Array.from(new Map(sets.map((set) => [set.join(" "), set])).values());
}
