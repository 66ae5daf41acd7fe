import { Denial } from "../answer/denial.ts";
import type { KeyStore } from "../keys/key-store.ts";
import { clientTitle } from "../policy/analysis/clients/client-title.ts";
import { claimText } from "../policy/claim-path.ts";
import { resolveScope } from "../policy/compile/scope-names.ts";
import { issuerOf } from "../policy/issuers/tenants.ts";
import type { Client, Issuer, Policy } from "../policy/policy.ts";
import type { BindingMethod } from "../policy/requirements/binding.ts";
import { nameHint } from "../policy/suggestion.ts";
import { type FaultText, fault, type Result, success } from "../result.ts";
import type { Admission } from "../token/admit.ts";
import type { Authenticate } from "../token/authenticate.ts";
import { bearerToken } from "../token/bearer.ts";
import { type Claims, parseJws } from "../token/jws.ts";
import { verifyToken } from "../token/verify.ts";
import { admitUnverified } from "./admit-unverified.ts";
import { assumedClaimRemarks, countsFromNow } from "./assumed-claims.ts";
import { ASSUMED_NOW_MS, assumeToken } from "./assumed-token.ts";
import { type AssumedValue, assumedValueRemarks } from "./assumed-values.ts";
import { withoutProof } from "./token-binding.ts";

/** The caller that an explanation is about. */
export interface Caller {
  /** One phrase for people, such as "the client `customer`". Never holds a token. */
  readonly description: string;
  /**
   * Stands in for the gateway's authentication. Ignores the request: it answers for this caller's token. `undefined`:
   * the caller sends no credentials.
   */
  readonly authenticate: Authenticate | undefined;
  /** Whether there is a token, whether it is real or assumed, and whether its signature is verified. */
  readonly kind: "nobody" | "assumed" | "token" | "token, signature unchecked";
  /** What was assumed and what was ignored, in sentences. */
  readonly remarks: readonly string[];
  /** The claims of a token that can be parsed. They may be false. */
  readonly unverifiedClaims: Claims | undefined;
  /** The time that the times of the token are compared with, in epoch milliseconds; `undefined`: now. */
  readonly checkedAtMs: number | undefined;
}

/** A caller without credentials. */
export const nobody: Caller = {
  description: "a caller without a token",
  authenticate: undefined,
  kind: "nobody",
  remarks: [],
  unverifiedClaims: undefined,
  checkedAtMs: undefined,
};

/**
 * The issuer that a token says it is from. Nothing verifies that here. Anyone can write an unverified `iss`, also one
 * that is not a string; `undefined` then, and for an issuer that the policy does not have.
 */
export function claimedIssuer(policy: Policy, unverifiedClaims: Claims | undefined): Issuer | undefined {
  const iss = unverifiedClaims?.["iss"];
  return typeof iss === "string" ? issuerOf(policy, iss) : undefined;
}

/** Keys that verify a token's signature. */
export interface TokenKeys {
  readonly store: KeyStore;
  /** What was found in the keys, in sentences. It may grow when the store reads them. */
  readonly remarks: readonly string[];
}

/**
 * A caller with a token. With keys the token is verified as in the Worker. Without them, everything except the
 * signature is checked.
 *
 * @param text the token, or a whole `Authorization` value
 * @param nowMs epoch milliseconds
 */
export function callerWithToken(text: string, policy: Policy, keys: TokenKeys | undefined, nowMs: number): Caller {
  const trimmed = text.trim();
  const token = bearerToken(`Bearer ${trimmed.replace(/^(?:bearer|dpop) +/i, "")}`);
  const jws = token instanceof Denial ? token : parseJws(token);
  const authenticate: Authenticate = async () => {
    if (token instanceof Denial) return token;
    const found = withoutProof(
      keys === undefined ? admitUnverified(token, policy, nowMs) : await verify(token, keys.store),
    );
    return found instanceof Denial ? found : { token: found, keySource: "issuer", tokenCache: "miss" };
  };
  const verify = async (accessToken: string, store: KeyStore): Promise<Admission | Denial> => {
    const verification = await verifyToken(accessToken, { policy, keys: store, now: () => nowMs }, () => {});
    return verification instanceof Denial ? verification : verification.token;
  };
  return {
    description: "the holder of a token",
    authenticate,
    kind: keys === undefined ? "token, signature unchecked" : "token",
    remarks: keys?.remarks ?? [],
    unverifiedClaims: jws instanceof Denial ? undefined : jws.unverifiedClaims,
    checkedAtMs: nowMs,
  };
}

/** A token to assume where there is no real one. */
export interface Assumption {
  /** A registered client. The token grants all of its scopes, unless `scopes` or `values` say otherwise. */
  readonly client: Client | undefined;
  /** Short or full names. */
  readonly scopes: readonly string[] | undefined;
  /** The only issuer that the token may come from; left out: any. */
  readonly issuer?: Issuer | undefined;
  /** What its claims grant, such as groups. Left out: nothing. */
  readonly values?: readonly AssumedValue[] | undefined;
  /** Values of claims that conditions look at. Left out: none. */
  readonly tested?: readonly AssumedValue[] | undefined;
  /** The tenant that it comes from, where the issuer has tenants; left out: the first that the issuer lists. */
  readonly tenant?: string | undefined;
  /** How it is bound to its sender; left out: as its issuer requires, and not at all if it requires nothing. */
  readonly bound?: BindingMethod | undefined;
}

/** The registered client with a name. */
export function registeredClient(name: string, { clients }: Pick<Policy, "clients">): Result<Client, FaultText> {
  const client = clients.get(name);
  if (client !== undefined) return success(client);
  return fault(`There is no client \`${name}\` in \`clients\`.`, nameHint(name, [...clients.keys()]));
}

/**
 * A caller with an assumed token, which the gateway can refuse only by the issuer's rules for clients or for its
 * scopes.
 */
export function assumedCaller(
  { client, scopes: names, issuer, values = [], tested = [], tenant, bound }: Assumption,
  policy: Policy,
): Caller {
  const remarks: string[] = [];
  const registered = values.length === 0 ? [...(client?.scopes ?? [])] : [];
  const granted = names?.map((scope) => declaredName(scope, policy, remarks)) ?? registered;
  const token = assumeToken(policy, client, granted, issuer, values, tenant, tested, bound);
  if (token) remarks.push(...assumedValueRemarks(values, token), ...assumedClaimRemarks(tested, policy));
  if (token && policy.issuers.size > 1) remarks.push(`The token is assumed to come from \`${token.issuer.name}\`.`);
  if (token?.assumedClient !== undefined) {
    remarks.push(
      `The token is assumed to be of the client \`${token.assumedClient}\`: the issuer's \`audiences\` name it.`,
    );
  }
  if (token?.issuer.tenants) remarks.push(`The token's \`iss\` is assumed to be \`${token.claims["iss"]}\`.`);
  if (token?.boundTo !== undefined) {
    remarks.push(
      `The token is assumed to have the \`aud\` \`${token.boundTo}\`, which the client asks Cognito for (resource binding).`,
    );
  }
  const found = token?.admission ?? new Denial("issuer-unknown", "The policy has no issuer.");
  const texts = [...values, ...tested].map(({ claim, value }) => `${claimText(claim)}=${value}`);
  const held = [...(granted.length > 0 ? [granted.join(" ")] : []), ...texts].join(" and ") || "no scopes";
  const who = client === undefined ? "a client" : `the client \`${client.name}\`${clientTitle(client.name, policy)}`;
  return {
    description: `${who} with ${held}`,
    authenticate: () => (found instanceof Denial ? found : { token: found, keySource: "memory", tokenCache: "miss" }),
    kind: "assumed",
    remarks,
    unverifiedClaims: token?.claims,
    checkedAtMs: countsFromNow(tested) ? ASSUMED_NOW_MS : undefined,
  };
}

/** The full name of a scope. A token can hold any name, so an undeclared one is not an error: it grants nothing. */
function declaredName(name: string, { scopes }: Policy, remarks: string[]): string {
  const found = resolveScope(name, scopes);
  if (found.ok) return found.value.fullName;
  const { message, hint } = found.failure;
  remarks.push(`\`${name}\` grants nothing. ${message} ${hint}`);
  return name;
}
