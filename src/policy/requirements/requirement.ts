/**
 * What a route requires of its callers. `authorize` decides whether a caller meets it. `issuers`: names, sorted, of the
 * issuers whose tokens count; left out: every issuer's.
 */
export type Requirement =
  | { readonly kind: "public" }
  /** A caller without an `Authorization` header is admitted. One who sends it needs a valid token. */
  | { readonly kind: "optional"; readonly issuers?: readonly string[] }
  | {
      readonly kind: "authenticated";
      readonly issuers?: readonly string[];
      /** Whether the token must be bound to its sender. Left out: it need not be. */
      readonly senderConstrained?: true;
      /** Left out: the caller may have authenticated in any way, at any time. */
      readonly authentication?: StepUp;
    }
  | {
      readonly kind: "scopes";
      readonly issuers?: readonly string[];
      /** As above. */
      readonly senderConstrained?: true;
      readonly authentication?: StepUp;
      readonly expression: ScopeExpression;
      /** Full names of all scopes in the expression, each once, in order. With all conditions met, they meet it. */
      readonly mentioned: readonly string[];
      /** All conditions in the expression, each once. Left out: it has none. */
      readonly conditions?: readonly Condition[];
    };

/** How and when the user must have authenticated (RFC 9470). At least one member is there. */
export interface StepUp {
  /** Authentication context classes, in order of preference. One of them, or a higher one, is enough. */
  readonly acr?: readonly string[];
  /** The authentication may be this old. */
  readonly maxAgeSeconds?: number;
}

/** A monotone formula over leaves. Lists are never empty. */
export type Expression<Leaf> =
  | Leaf
  | { readonly kind: "anyOf"; readonly of: readonly Expression<Leaf>[] }
  | { readonly kind: "allOf"; readonly of: readonly Expression<Leaf>[] };

/** A required scope, by its full name. */
export interface ScopeLeaf {
  readonly kind: "scope";
  readonly name: string;
}

/** Is met by a claim that is one of these strings, or an array with one of them. Met exactly if one atom is held. */
export interface ClaimCondition {
  readonly kind: "claim";
  readonly claim: ClaimPath;
  readonly in: readonly string[];
  /** For each string: see `claimAtom`. */
  readonly atoms: readonly string[];
}

/** Is met if a segment of the path, decoded, and a claim are the same string. Met exactly if the atom is held. */
export interface ParameterCondition {
  readonly kind: "parameter";
  /** The parameter's name in the pattern. */
  readonly name: string;
  /** Its place in the path, from 0. */
  readonly segment: number;
  readonly equals: ClaimPath;
  /** See `parameterAtom`. */
  readonly atom: string;
}

/** What a caller needs besides scopes. An atom stands for it in the set that an expression is compared with. */
export type Condition = ClaimCondition | ParameterCondition;

/** What a route requires: scopes and conditions. Wildcards are expanded. */
export type ScopeExpression = Expression<ScopeLeaf | Condition>;

/** The place of a value in the claims: member names from the root. The name of a claim is a path of one step. */
export type ClaimPath = readonly string[];

/** A claim that some condition tests, and the values that count. */
export interface TestedClaim {
  readonly claim: ClaimPath;
  /** The atom of each value: see `claimAtom`. */
  readonly atoms: ReadonlyMap<string, string>;
}

/** Like a route's expression. The parameters are those of each route that a call reaches, by name. */
export type GuaranteedExpression = Expression<ScopeLeaf | ClaimCondition | NamedParameter>;

/** A `ParameterCondition` whose segment depends on the route. A route without such a parameter never meets it. */
export interface NamedParameter {
  readonly kind: "named-parameter";
  readonly name: string;
  readonly equals: ClaimPath;
}
