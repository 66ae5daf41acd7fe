import { admits, authorize, type Holder } from "../authorize.ts";
import type { Client, Issuer, Policy, Requirement } from "../policy.ts";
import { bindingOf } from "../requirements/binding.ts";
import { effectiveScopes } from "../scopes.ts";
import { acceptedAudience } from "./clients/accepted-audience.ts";
import { createCanMeet } from "./clients/can-meet.ts";

/** What tokens of one client give it, and which conditions they can meet. */
export interface ClientHolder extends Holder {
  /** Whether one of the tokens can satisfy a requirement that has conditions: see `createCanMeet`. */
  readonly canMeet: (requirement: Requirement) => boolean;
}

/**
 * What a registered client can do. This is the only place that says it: `matrix`, `diff`, `explain`, `prove` and the
 * lints all ask here.
 *
 * It assumes that the client has an unexpired token of its own issuer, with a valid signature, with all the scopes of
 * its registration by their full names, and with no others. The audience is the one of `acceptedAudience`.
 */
export interface ClientAccess {
  readonly client: Client;
  /**
   * What the token gives the client. `undefined`: the gateway accepts no token of it, so it may call public routes
   * only.
   */
  readonly holder: ClientHolder | undefined;
  /**
   * What a token with every scope that its issuer may grant gives the client, if the gateway does not check the
   * registration: the issuer's `registeredClientsOnly` is off. `undefined`: the gateway refuses what the registration
   * does not allow.
   */
  readonly widest: ClientHolder | undefined;
}

/** `unenforced`: the registration does not allow it, but the gateway does not check the registration. */
export type Access = "yes" | "unenforced" | "no";

/** What each registered client can do, in the order of the file. */
export function clientAccess(policy: Policy): readonly ClientAccess[] {
  const all = new Set(policy.scopes.byFullName.keys());
  const everything = new Map<string, ReadonlySet<string>>();
  const widestOf = (issuer: string, id: string, bound: Pick<Holder, "canBeBound">): ClientHolder => {
    const effective = everything.get(issuer) ?? effectiveScopes(policy.scopes, issuer, all);
    everything.set(issuer, effective);
    return { issuer, effective, canMeet: createCanMeet(policy, { issuer, id, scopes: all }), ...bound };
  };
  return Array.from(policy.clients.values(), (client) => {
    const iss = issOf(policy, client.issuer);
    const holder = holderOf(policy, iss, client.id, client.scopes);
    const isRestricted = iss !== undefined && policy.issuers.get(iss)?.registeredClientsOnly === true;
    return {
      client,
      holder,
      widest:
        holder && !isRestricted
          ? widestOf(holder.issuer, client.id, holder.canBeBound ? { canBeBound: true } : {})
          : undefined,
    };
  });
}

/**
 * Whether a client may make requests with this requirement. `unenforced` is not a refusal: some token of it gets
 * through.
 */
export function accessTo(requirement: Requirement, { holder, widest }: ClientAccess): Access {
  if (mayCall(requirement, holder)) return "yes";
  return widest !== undefined && mayCall(requirement, widest) ? "unenforced" : "no";
}

/**
 * Whether a client may make requests with this requirement, with its token or without, if it meets the conditions that
 * it can meet.
 */
export function mayCall(requirement: Requirement, holder: ClientHolder | undefined): boolean {
  if (holder === undefined || requirement.kind !== "scopes" || requirement.conditions === undefined) {
    return admits(requirement, holder);
  }
  return authorize(requirement, holder) === "permitted" || holder.canMeet(requirement);
}

/**
 * What a policy makes of the tokens of one client.
 *
 * @param iss the issuer of the tokens, as in `iss`
 * @param id the client id in the tokens
 * @param held full names of the scopes that the tokens hold
 * @returns `undefined` if the gateway refuses these tokens
 */
export function holderOf(
  policy: Policy,
  iss: string | undefined,
  id: string,
  held: Iterable<string>,
): ClientHolder | undefined {
  const { issuers, registrations, scopes } = policy;
  const issuer = iss === undefined ? undefined : issuers.get(iss);
  if (issuer === undefined || acceptedAudience(issuer, id) === undefined) return undefined;
  const { name, registeredClientsOnly } = issuer;
  const holding = (some: ReadonlySet<string>): ClientHolder => ({
    issuer: name,
    effective: effectiveScopes(scopes, name, some),
    canMeet: createCanMeet(policy, { issuer: name, id, scopes: some }),
    ...(bindingOf(issuer) !== "never" && { canBeBound: true }),
  });
  if (!registeredClientsOnly) return holding(new Set(held));
  const registered = registrations.get(name)?.get(id);
  return registered && holding(new Set(held).intersection(registered.scopes));
}

/** Whether the gateway accepts tokens of some client that the file does not register under their issuer. */
export function acceptsUnregistered(issuer: Issuer, { registrations }: Pick<Policy, "registrations">): boolean {
  if (issuer.registeredClientsOnly) return false;
  if (acceptedAudience(issuer, undefined) !== undefined) return true;
  const registered = registrations.get(issuer.name);
  return Array.from(issuer.audiences ?? []).some(
    (id) => registered?.has(id) !== true && acceptedAudience(issuer, id) !== undefined,
  );
}

/** The `iss` of the issuer with this name. */
export function issOf({ issuers }: Pick<Policy, "issuers">, name: string | undefined): string | undefined {
  return [...issuers.values()].find((issuer) => issuer.name === name)?.issuer;
}
