import type { SCOPE_NAMES } from "./issuer-choices.ts";
import type { ProfileName } from "./profiles.ts";
import type { Binding } from "./requirements/binding.ts";
import type { ClaimPath } from "./requirements/requirement.ts";

/** An authorization server whose access tokens are accepted. */
export interface Issuer {
  /** Its name in `issuers` of the file. */
  readonly name: string;
  /** Compared exactly with `iss`. If the issuer has tenants, `{tenant}` stands in it for one of them. */
  readonly issuer: string;
  /** Its tenants, which share one key set; `undefined`: it has none. */
  readonly tenants: Tenants | undefined;
  readonly jwksUri: string;
  readonly profile: ProfileName;
  /** JWS `alg` values that are accepted; asymmetric only. */
  readonly algorithms: ReadonlySet<string>;
  /** A token must have one of these audiences. `undefined`: the audience is not checked (profile `cognito` only). */
  readonly audiences: ReadonlySet<string> | undefined;
  /** The first of these claims that a token has is its audience, even if it is empty or has the wrong type. */
  readonly audienceClaims: readonly ClaimPath[];
  /** The claims with scope names. All of them count. Each claim is there once, in the order of their texts. */
  readonly scopeClaim: readonly ClaimPath[];
  /** The scopes that the values of other claims grant, such as groups and roles. Empty: none. */
  readonly grants: readonly ClaimGrants[];
  readonly scopeNames: (typeof SCOPE_NAMES)[number];
  /**
   * By which names clients ask it for scopes: what challenges and metadata have. Left out: by those of `scopeNames`.
   */
  readonly requestedScopeNames?: (typeof SCOPE_NAMES)[number];
  readonly clockToleranceSeconds: number;
  readonly registeredClientsOnly: boolean;
  /** Whether its tokens may or must be bound to their sender; left out: bound tokens are refused. */
  readonly binding?: Binding;
  /** The claim with the authentication context class. Left out: `acr`. */
  readonly acrClaim?: ClaimPath;
  /** Authentication context classes, the lowest first: a higher one counts for a lower one. Left out: none does. */
  readonly acrOrder?: readonly string[];
  readonly keys: KeySettings;
}

/** The tenants of an issuer: customers whose tokens come from it, each with an `iss` of its own. */
export interface Tenants {
  /** What `iss` has before the tenant. */
  readonly before: string;
  /** What `iss` has after the tenant. */
  readonly after: string;
  /** GUIDs in lower case. */
  readonly accepted: ReadonlySet<string> | "any";
  /** The claim that must name the same tenant as `iss`. */
  readonly claim: ClaimPath;
}

/** How the keys of an issuer are fetched, and how long they are used. */
export interface KeySettings {
  /** Older keys are still used, and refreshed in the background. */
  readonly refreshAfterSeconds: number;
  /** Older keys are not used. */
  readonly maxStaleSeconds: number;
  /** In the long run, each isolate asks an issuer for unknown keys at most once in this time. */
  readonly cooldownSeconds: number;
  /** How long after it first signs with a key the issuer may take to publish it. */
  readonly publicationLagSeconds: number;
  /** Time limit for one request to the issuer. */
  readonly timeoutMs: number;
}

/** The scopes that the values of one claim grant. */
export interface ClaimGrants {
  readonly claim: ClaimPath;
  /** Full names of declared scopes, by the exact value. Wildcards are expanded, and no list is empty. */
  readonly byValue: ReadonlyMap<string, readonly string[]>;
}
