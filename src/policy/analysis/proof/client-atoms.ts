import type { GuaranteedExpression, Policy, ScopeExpression } from "../../policy.ts";
import { PROFILES } from "../../profiles.ts";
import { exactAtom, isAtom, readAtom } from "../../requirements/conditions.ts";
import { requirementsIn } from "../../routing/requirements-in.ts";
import { acceptedAudience } from "../clients/accepted-audience.ts";
import { CLIENT_ID, canBeSegment, isClientId } from "../formulas/client-id.ts";
import { type Caller, issuerOfCaller } from "./proof.ts";

/**
 * Whether a condition of the policy compares a parameter with the client id: such a condition is not free for a client.
 */
export function comparesClients({ routes, guarantees }: Pick<Policy, "routes" | "guarantees">): boolean {
  return (
    [...requirementsIn(routes)].some(
      // Most requirements have no conditions, and one may list thousands of scopes.
      (requirement) => requirement.kind === "scopes" && requirement.conditions && looksAtClient(requirement.expression),
    ) || guarantees.some(({ claim }) => claim.kind === "requires" && looksAtClient(claim.expression))
  );
}

function looksAtClient(expression: ScopeExpression | GuaranteedExpression): boolean {
  switch (expression.kind) {
    case "scope":
    case "claim":
      return false;
    case "parameter":
    case "named-parameter":
      return isClientId(expression.equals);
    default:
      return expression.of.some(looksAtClient);
  }
}

/** What a caller's tokens and paths can do about the client id. */
export interface ClientAtoms {
  /** Whether the caller can meet the condition that an atom stands for, on paths like this one. */
  readonly mayHold: (atom: string) => boolean;
  /** The atoms that every token of the caller meets. */
  readonly given: ReadonlySet<string>;
  /** The path on which the caller meets the conditions of these atoms. */
  readonly pathFor: (atoms: Iterable<string>) => string;
}

/**
 * A registered client's token has its id as `client_id`, so a path with another literal never equals it, and a free
 * segment must be able to carry the id. An unregistered client has any id that the issuer accepts and that is not
 * registered. Some issuers accept only those in their `audiences`.
 *
 * Where a literal of some pattern is the id, the path with it is looked up. It counts only if it is one of the same
 * calls.
 *
 * @param path a path of the class, with a text of its own in each segment that conditions look at
 * @param isSame whether requests to another path are the same calls: see `createSameCalls`
 */
export function clientAtoms(
  policy: Policy,
  caller: Caller,
  path: string,
  isSame: (other: string) => boolean,
): ClientAtoms {
  if (caller.kind === "anonymous") return { mayHold: () => true, given: new Set(), pathFor: () => path };
  const ids = idsOf(policy, caller);
  /** The first path with one of the ids at a place, if there is one. */
  const pathWithId = (segment: number): string | undefined => {
    if (ids === undefined) return path;
    const parts = path.split("/");
    const paths = ids.filter(canBeSegment).map((id) => parts.with(segment + 1, encodeURIComponent(id)).join("/"));
    return paths.find(isSame);
  };
  const [only, ...others] = ids ?? [];
  return {
    mayHold: (name) => {
      const meaning = isAtom(name) ? readAtom(name) : undefined;
      if (meaning === undefined || !isClientId(meaning.claim)) return true;
      if (meaning.kind === "parameter") return pathWithId(meaning.segment) !== undefined;
      return canBeId(policy, caller, meaning.value);
    },
    given: new Set(
      only !== undefined && others.length === 0 && hasClientId(policy, caller) ? [exactAtom([CLIENT_ID], only)] : [],
    ),
    pathFor: (atoms) => {
      for (const atom of atoms) {
        const meaning = readAtom(atom);
        if (meaning?.kind === "parameter" && isClientId(meaning.claim)) return pathWithId(meaning.segment) ?? path;
      }
      return path;
    },
  };
}

/** A caller with a token. */
type Holding = Exclude<Caller, { kind: "anonymous" }>;

/** The ids that tokens of a caller can have; `undefined`: any that is not registered. */
function idsOf(policy: Policy, caller: Holding): readonly string[] | undefined {
  if (caller.kind === "client") return [caller.client.id];
  const { audiences } = caller.issuer;
  if (acceptedAudience(caller.issuer, undefined) !== undefined) return undefined;
  return Array.from(audiences ?? []).filter((id) => canBeId(policy, caller, id));
}

function canBeId({ registrations }: Policy, caller: Holding, id: string): boolean {
  if (caller.kind === "client") return caller.client.id === id;
  const { issuer } = caller;
  return registrations.get(issuer.name)?.has(id) !== true && acceptedAudience(issuer, id) !== undefined;
}

/** Whether every token of a caller has the claim. Other profiles may name the client by `azp` only. */
function hasClientId({ issuers }: Policy, caller: Holding): boolean {
  const issuer = [...issuers.values()].find(({ name }) => name === issuerOfCaller(caller));
  return issuer !== undefined && PROFILES[issuer.profile].requiredClaims.includes(CLIENT_ID);
}
