import { type Held, meets } from "../../authorize.ts";
import type { ClaimPath, Client, Policy, Requirement } from "../../policy.ts";
import { isAtom, isSingleValue, pointerTo, readAtom } from "../../requirements/conditions.ts";
import { createAccessOf } from "../formulas/access.ts";
import { canBeSegment, canCarryId } from "../formulas/client-id.ts";
import { FALSE } from "../formulas/formula.ts";
import { isOriginOf, type Origin, originsOf } from "../formulas/origins.ts";

/** Tokens of a client, as far as they are known. */
export interface ClientTokens extends Pick<Client, "issuer" | "scopes"> {
  /** The client's id; `undefined`: any. */
  readonly id: string | undefined;
  /** A value that a claim of all these tokens has, by itself or beside others. Left out: none is known. */
  readonly value?: ClaimValue;
}

export interface ClaimValue {
  readonly claim: ClaimPath;
  readonly text: string;
}

/**
 * Returns a function that says whether some token of a client satisfies a requirement, with the scopes of the client
 * and with any claims that it can have, on some path. As in `prove`, it asks for each origin of the client's issuer: a
 * tenant that the issuer does not accept is in none, and a token has no claim that grants it more than these scopes.
 *
 * @param tokens `scopes`: all that the tokens may grant
 */
export function createCanMeet(policy: Policy, tokens: ClientTokens): (requirement: Requirement) => boolean {
  let own: readonly OwnOrigin[] | undefined;
  return (requirement) => {
    const { access } = tellingOf(policy);
    own ??= originsWith(policy, tokens);
    const formulas = access.byIssuer(requirement);
    return own.some(({ at, held }) => meets(formulas[at] ?? FALSE, held));
  };
}

/** Whether there can be such tokens: some tenant may have them, and nothing that all tokens have grants more. */
export function canExist(policy: Policy, tokens: ClientTokens): boolean {
  return originsWith(policy, tokens).length > 0;
}

/** An origin of a client's tokens: its place, and what a token from there can hold at most. */
interface OwnOrigin {
  readonly at: number;
  readonly held: Held;
}

function originsWith(policy: Policy, tokens: ClientTokens): readonly OwnOrigin[] {
  const { issuer, scopes, value, id = "" } = tokens;
  return tellingOf(policy).origins.flatMap((origin, at) =>
    isOriginOf(origin, { issuer, scopes, id }) && canHave(origin, value) ? [{ at, held: heldIn(origin, tokens) }] : [],
  );
}

function canHave({ tenant }: Origin, value: ClaimValue | undefined): boolean {
  return value === undefined || !tenant?.claims.has(pointerTo(value.claim)) || tenant.name === value.text;
}

function heldIn({ grants }: Origin, { id, scopes, value }: ClientTokens): Held {
  const brought = grants?.[0]?.byAtom;
  return {
    has: (name) => {
      if (!isAtom(name)) return scopes.has(name);
      if (id !== undefined && !canCarryId(name, id)) return false;
      if (value && !canStandBeside(name, value)) return false;
      return brought?.get(name)?.every((scope) => scopes.has(scope)) ?? true;
    },
  };
}

/** Whether a token with this value can meet a condition. `true` for a condition on another claim. */
function canStandBeside(atom: string, { claim, text }: ClaimValue): boolean {
  const meaning = readAtom(atom);
  if (meaning === undefined || pointerTo(meaning.claim) !== pointerTo(claim)) return true;
  if (meaning.kind === "parameter") return canBeSegment(text);
  return meaning.value === text || (meaning.kind === "claim" && !isSingleValue(claim));
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
