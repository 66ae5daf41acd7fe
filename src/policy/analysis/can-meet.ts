import { type Held, meets } from "../authorize.ts";
import type { Client, Policy, Requirement } from "../policy.ts";
import { isAtom } from "../requirements/conditions.ts";
import { createAccessOf } from "./formulas/access.ts";
import { canCarryId } from "./formulas/client-id.ts";
import { FALSE } from "./formulas/formula.ts";
import { isOriginOf, type Origin, originsOf } from "./formulas/origins.ts";

/**
 * Returns a function that says whether some token of a client satisfies a requirement, with the scopes of the client and
 * with any claims that it can have, on some path. As in `prove`, it asks for each origin of the client's issuer: a tenant
 * that the issuer does not accept is in none, and a token has no claim that grants it more than these scopes.
 *
 * @param client `scopes`: all that its tokens may grant
 */
export function createCanMeet(
  policy: Policy,
  client: Pick<Client, "issuer" | "id" | "scopes">,
): (requirement: Requirement) => boolean {
  let own: readonly OwnOrigin[] | undefined;
  return (requirement) => {
    const { origins, access } = tellingOf(policy);
    own ??= origins.flatMap((origin, at) => (isOriginOf(origin, client) ? [{ at, held: heldIn(origin, client) }] : []));
    const formulas = access.byIssuer(requirement);
    return own.some(({ at, held }) => meets(formulas[at] ?? FALSE, held));
  };
}

/** An origin of a client's tokens: its place, and what a token from there can hold at most. */
interface OwnOrigin {
  readonly at: number;
  readonly held: Held;
}

function heldIn({ grants }: Origin, client: Pick<Client, "id" | "scopes">): Held {
  const brought = grants?.[0]?.byAtom;
  return {
    has: (name) => {
      if (!isAtom(name)) return client.scopes.has(name);
      return canCarryId(name, client.id) && (brought?.get(name)?.every((scope) => client.scopes.has(scope)) ?? true);
    },
  };
}

/** By the policy, which never changes: there may be thousands of clients. */
const known = new WeakMap<Policy, ReturnType<typeof telling>>();

function tellingOf(policy: Policy): ReturnType<typeof telling> {
  const found = known.get(policy) ?? telling(policy);
  known.set(policy, found);
  return found;
}

function telling(policy: Policy) {
  const origins = originsOf(policy);
  return { origins, access: createAccessOf(policy, origins) };
}
