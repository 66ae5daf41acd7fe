import { findControlCharacter } from "../../control-characters.ts";
import type { GuaranteedExpression, Policy, ScopeExpression } from "../../policy.ts";
import { PROFILES } from "../../profiles.ts";
import { exactAtom, isAtom, readAtom } from "../../requirements/conditions.ts";
import { acceptedAudience } from "../accepted-audience.ts";
import type { Caller } from "./proof.ts";

const CLIENT_ID = "client_id";

/** Whether a condition of the policy compares a parameter with the client id: such a condition is not free for a client. */
export function comparesClients({ routes, guarantees }: Pick<Policy, "routes" | "guarantees">): boolean {
  return (
    routes.some(({ requirement }) => requirement.kind === "scopes" && looksAtClient(requirement.expression)) ||
    guarantees.some(({ claim }) => claim.kind === "requires" && looksAtClient(claim.expression))
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
 * A registered client's token has its id as `client_id`, so a path with another literal never equals it, and a free segment
 * must be able to carry the id. An unregistered client has any id that the issuer accepts and that is not registered.
 *
 * Where a literal of some pattern is the id, the path with it is looked up. It counts only if the same routes serve it.
 *
 * @param path a path of the class, with a text of its own in each segment that conditions look at
 */
export function clientAtoms(policy: Policy, caller: Caller, path: string): ClientAtoms {
  if (caller.kind === "anonymous") return { mayHold: () => true, given: new Set(), pathFor: () => path };
  const id = caller.kind === "client" ? caller.client.id : undefined;
  const withId = (segment: number): string => {
    const parts = path.split("/");
    if (id !== undefined) parts[segment + 1] = encodeURIComponent(id);
    return parts.join("/");
  };
  const isServedAlike = (segment: number): boolean => policy.table.match(withId(segment)) === policy.table.match(path);
  return {
    mayHold: (name) => {
      const meaning = isAtom(name) ? readAtom(name) : undefined;
      if (meaning === undefined || !isClientId(meaning.claim)) return true;
      if (meaning.kind === "parameter") {
        if (caller.kind === "unregistered") return acceptedAudience(caller.issuer, undefined) !== undefined;
        return id !== undefined && canBeSegment(id) && isServedAlike(meaning.segment);
      }
      if (caller.kind === "client") return meaning.value === id;
      const isRegistered = policy.registrations.get(caller.issuer.name)?.has(meaning.value) === true;
      return !isRegistered && acceptedAudience(caller.issuer, meaning.value) !== undefined;
    },
    given: new Set(
      caller.kind === "client" && hasClientId(policy, caller) ? [exactAtom([CLIENT_ID], caller.client.id)] : [],
    ),
    pathFor: (atoms) => {
      for (const atom of atoms) {
        const meaning = readAtom(atom);
        if (meaning?.kind === "parameter" && isClientId(meaning.claim)) return withId(meaning.segment);
      }
      return path;
    },
  };
}

/** Whether every token of a client has the claim. Other profiles may name the client by `azp` only. */
function hasClientId({ issuers }: Policy, { client }: Extract<Caller, { kind: "client" }>): boolean {
  const issuer = [...issuers.values()].find(({ name }) => name === client.issuer);
  return issuer !== undefined && PROFILES[issuer.profile].requiredClaims.includes(CLIENT_ID);
}

function isClientId([name, ...deeper]: readonly string[]): boolean {
  return name === CLIENT_ID && deeper.length === 0;
}

/** Whether a path can have the text as a segment that equals a claim. */
function canBeSegment(text: string): boolean {
  const isPlain = text !== "" && text !== "." && text !== ".." && text.isWellFormed();
  return isPlain && !/[/\\;]|%[0-9A-Fa-f]{2}/.test(text) && findControlCharacter(text) === undefined;
}
