import { type ClientAccess, clientAccess } from "../policy/analysis/client-access.ts";
import { conditionOutcome, requirementOutcome } from "../policy/analysis/formulas/requirement-outcome.ts";
import { smallestScopeSets } from "../policy/analysis/formulas/smallest-scope-sets.ts";
import { leaf, withAtoms } from "../policy/analysis/formulas/with-atoms.ts";
import { unrestrictedIssuers } from "../policy/analysis/issuers-in-use.ts";
import { asksForBinding, type Held } from "../policy/authorize.ts";
import type { Condition, Policy, Requirement, Route, ScopeExpression, StepUp } from "../policy/policy.ts";
import { bindingOf } from "../policy/requirements/binding.ts";
import { atomsOf, SENDER_CONSTRAINED } from "../policy/requirements/conditions.ts";
import { meetsStepUp, stepUpOf } from "../policy/requirements/step-up.ts";
import { mayGrant, withImplied } from "../policy/scopes.ts";
import type { Admission } from "../token/admit.ts";
import type { ExplainedAuthentication, ExplainedRequirement, SufficientSet } from "./explanation.ts";
import { acceptedIssuers } from "./issuer-hints.ts";
import { dependsOnIssuer, type FoundSet, sufficientSets, textOf } from "./sufficient/sufficient-sets.ts";

/**
 * Explains what a route requires of a caller.
 *
 * @param granted full names of the scopes that the caller's token grants, without the scopes that they imply
 * @param isRefused whether to look for the sets of scopes that would be enough
 * @param held what the caller holds for this request, as `authorize` takes it; default: it meets no condition
 * @param token the caller's token, if there is one
 * @param path canonical path of the request; default: any that the route serves
 */
export function explainRequirement(
  { requirement }: Pick<Route, "requirement">,
  policy: Policy,
  granted: readonly string[],
  isRefused: boolean,
  held: Held = withImplied(policy.scopes, granted),
  token?: Pick<Admission, "issuer" | "clientId">,
  path?: string,
): ExplainedRequirement {
  const { kind } = requirement;
  const accepted = acceptedIssuers(policy, requirement);
  const stepUp = stepUpOf(requirement);
  const isBound = asksForBinding(requirement);
  const restricted = {
    ...(kind !== "public" && requirement.issuers !== undefined && { issuers: accepted }),
    ...(isBound && { senderConstrained: { met: held.has(SENDER_CONSTRAINED) } }),
    ...(stepUp && { authentication: explainStepUp(stepUp, held) }),
  };
  if (kind !== "scopes") {
    return { kind, ...restricted, outcome: undefined, sufficient: [], isSufficientComplete: true };
  }
  // Where the token must be bound, sets are listed for the issuers that have bound tokens.
  const able = isBound ? accepted.filter((name) => canBeBound(policy, name)) : accepted;
  const clients = isRefused ? clientAccess(policy).filter(({ holder }) => able.includes(holder?.issuer ?? "")) : [];
  const issuer = token?.issuer.name;
  const conditions = new Map((requirement.conditions ?? []).map((it) => [atomsOf(it).join("\n"), it]));
  const isOwn = issuer !== undefined && able.includes(issuer);
  const [asked, all] = isOwn ? [[issuer], 1] : [able, accepted.length];
  const expression = withAtoms(requirement.expression, (condition) => leaf(atomsOf(condition).join("\n")));
  const told = isRefused ? setsByIssuer(requirement, policy, asked, all, clients, held, token, path) : undefined;
  const { sets, complete } =
    isRefused && told === undefined && (able.length > 0 || !isBound)
      ? setsOf(expression, policy, asked)
      : { sets: [], complete: true };
  return {
    kind,
    ...restricted,
    outcome: requirementOutcome(requirement.expression, granted, policy.scopes, held, issuer),
    sufficient:
      told ??
      sets.map(({ set, issuers }) => ({
        ...sufficientSet(set, conditions, held, clients),
        ...(issuers.length < all && { issuers }),
      })),
    isSufficientComplete: complete,
    ...(isRefused && {
      unrestrictedIssuers: unrestrictedIssuers(policy)
        .map(({ name }) => name)
        .filter((name) => able.includes(name)),
    }),
  };
}

function explainStepUp({ acr, maxAgeSeconds }: StepUp, held: Held): ExplainedAuthentication {
  return {
    ...(acr && { acr, isAcrMet: meetsStepUp({ acr }, held) }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds, isAgeMet: meetsStepUp({ maxAgeSeconds }, held) }),
  };
}

function canBeBound({ issuers }: Policy, name: string): boolean {
  return issuers.values().some((issuer) => issuer.name === name && bindingOf(issuer) !== "never");
}

/** Sets of scopes and atoms, each with the names of the issuers whose tokens it is enough for. */
interface IssuedSets {
  readonly sets: readonly { readonly set: ReadonlySet<string>; readonly issuers: readonly string[] }[];
  readonly complete: boolean;
}

/**
 * The smallest sets for each of the issuers. Where no resource server names issuers, they are the same for all.
 * Otherwise a set may be enough for one issuer only, although others grant its scopes, too: what these imply may count
 * for it alone.
 */
function setsOf(expression: ScopeExpression, { scopes: table }: Policy, issuers: readonly string[]): IssuedSets {
  if (table.issuersOf.size === 0) {
    const { sets, complete } = smallestScopeSets(expression, table);
    return { sets: sets.map((set) => ({ set, issuers })), complete };
  }
  const found = issuers.map((name) => ({
    name,
    ...smallestScopeSets(expression, table, (scope) => mayGrant(table, name, scope)),
  }));
  const each = found.flatMap(({ name, sets }) => sets.map((set) => ({ set, name })));
  const same = Map.groupBy(each, ({ set }) => JSON.stringify([...set].sort()));
  return {
    sets: Array.from(same.values(), (all) => ({
      set: all[0]?.set ?? new Set<string>(),
      issuers: all.map(({ name }) => name),
    })).sort((one, other) => one.set.size - other.set.size),
    complete: found.every((it) => it.complete),
  };
}

/**
 * The same where conditions bring scopes along or look at tenants; `undefined`: they do not, or there are too many.
 *
 * @param all the number of issuers for which a set is enough if it names none
 */
function setsByIssuer(
  { expression, conditions = [] }: Extract<Requirement, { kind: "scopes" }>,
  policy: Policy,
  asked: readonly string[],
  all: number,
  clients: readonly ClientAccess[],
  held: Held,
  token: Pick<Admission, "issuer" | "clientId"> | undefined,
  path: string | undefined,
): readonly SufficientSet[] | undefined {
  const issuers = [...policy.issuers.values()].filter(({ name }) => asked.includes(name));
  if (!issuers.some((issuer) => dependsOnIssuer(issuer, conditions))) return undefined;
  const found: { readonly set: FoundSet; readonly issuer: string; readonly clients: readonly string[] }[] = [];
  for (const issuer of issuers) {
    const { name, registeredClientsOnly } = issuer;
    const ofIssuer = policy.registrations.get(name);
    const own = token?.issuer.name === name ? ofIssuer?.get(token.clientId ?? "")?.scopes : undefined;
    const registered = registeredClientsOnly ? own : undefined;
    const sets = sufficientSets(expression, conditions, policy, issuer, path, registered);
    if (sets === undefined) return undefined;
    for (const set of sets) {
      const able = clients.filter(
        ({ client, holder }) =>
          holder?.issuer === name &&
          set.scopes.every((scope) => holder.effective.has(scope)) &&
          (!registeredClientsOnly || set.isEnoughWith(client.scopes)),
      );
      found.push({ set, issuer: name, clients: able.map(({ client }) => client.name) });
    }
  }
  const sizeOf = ({ scopes, conditions: needed }: FoundSet): number => scopes.length + needed.length;
  const groups = [...Map.groupBy(found, ({ set }) => textOf(set)).values()];
  return groups
    .flatMap((same) => (same[0] ? [{ set: same[0].set, same }] : []))
    .sort((one, other) => sizeOf(one.set) - sizeOf(other.set))
    .map(({ set: { scopes, conditions: needed }, same }) => ({
      scopes,
      ...(needed.length > 0 && { conditions: needed.map((condition) => conditionOutcome(condition, held)) }),
      missing: scopes.filter((name) => !held.has(name)),
      clients: same.flatMap((it) => it.clients),
      ...(same.length < all && { issuers: same.map((it) => it.issuer) }),
    }));
}

/** @param conditions by what stands for them in the set */
function sufficientSet(
  set: ReadonlySet<string>,
  conditions: ReadonlyMap<string, Condition>,
  held: Held,
  all: readonly ClientAccess[],
): SufficientSet {
  const scopes = [...set].filter((name) => !conditions.has(name));
  const needed = [...set].flatMap((name) => conditions.get(name) ?? []);
  const clients = all.filter(({ holder }) => holder && scopes.every((name) => holder.effective.has(name)));
  return {
    scopes,
    ...(needed.length > 0 && { conditions: needed.map((condition) => conditionOutcome(condition, held)) }),
    missing: scopes.filter((name) => !held.has(name)),
    clients: clients.map(({ client }) => client.name),
  };
}
