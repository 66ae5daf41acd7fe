import type { Client, Guarantee, Issuer, Route } from "../../policy.ts";
import type { Origin } from "../formulas/origins.ts";
import type { Message } from "../messages/message.ts";

/** Whether a guarantee holds for every call there can be. */
export interface Proof {
  readonly guarantee: Guarantee;
  /** At most one call per route, and on an MCP route one per entry. If there is none, the guarantee holds. */
  readonly breaches: readonly Counterexample[];
  /** No call is left that it could be about. It holds, but perhaps its author made a typing error. */
  readonly isIdle: boolean;
  /** Why it is idle; `undefined` if it is not. */
  readonly idleBecause: IdleCause | undefined;
  /** It holds only because of the assumption about registrations, and the gateway does not enforce these. */
  readonly isAssumed: boolean;
}

/**
 * Why a guarantee is about no call. `paths`: no route serves a path that it selects. `methods`: none serves a method
 * that it selects there. `messages`: none serves an MCP message that it selects there. `clients`: the gateway accepts
 * no token of its clients there. `exceptions`: they leave out every call, or `publicOnly` lists every path.
 */
export type IdleCause = "paths" | "methods" | "messages" | "clients" | "exceptions";

/** A call that is permitted although the guarantee says otherwise. */
export interface Counterexample {
  readonly method: string;
  /** In canonical form. */
  readonly path: string;
  /** The host, if the policy or a guarantee tells hosts apart; left out: any host that they do not name. */
  readonly host?: string | undefined;
  /** The MCP message that the call carries; left out: none, or it does not matter. */
  readonly mcp?: Message;
  readonly caller: Caller;
  /** Full names of the scopes that the caller's token itself grants, without implied ones. */
  readonly scopes: readonly string[];
  /** The tenant of the token, where the policy tells tenants apart; left out: any. */
  readonly tenant?: string | undefined;
  /** The claims with which the token meets conditions. `undefined`: it needs none. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** The route, with what it requires of the call. */
  readonly route: Route;
}

/**
 * Who calls. `anonymous` has no token. `client` has a token that its own issuer gave a registered client.
 * `unregistered` has a token of another client.
 */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "client"; readonly client: Client }
  | UnregisteredCaller;

/** Name of the issuer of a caller's token. A caller without a token has none. */
export function issuerOfCaller(caller: Caller): string | undefined {
  if (caller.kind === "anonymous") return undefined;
  return caller.kind === "client" ? caller.client.issuer : caller.issuer.name;
}

/**
 * A client that is not registered, with any scopes, also one with the client id that another issuer registers. There is
 * one only for an issuer that accepts clients which are not registered (`acceptsUnregistered`). It stands for all
 * issuers that the policy treats alike.
 */
export interface UnregisteredCaller {
  readonly kind: "unregistered";
  readonly issuer: Issuer;
  /** Where its tokens come from; left out: every origin of the issuer. */
  readonly origin?: Origin;
}
