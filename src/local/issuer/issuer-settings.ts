import type { ClaimPath } from "../../policy/policy.ts";
import type { ProfileName } from "../../policy/profiles.ts";

/** What the local issuer knows of one issuer that it plays. The stack derives it from the policy. Plain JSON. */
export interface IssuerSettings {
  /** Its name in the policy. */
  readonly name: string;
  /** The `iss` of its tokens, exactly as the policy has it. If the issuer has tenants, that of one tenant. */
  readonly issuer: string;
  /** The tenant of its tokens, and the claim that names it; left out: the issuer has no tenants. */
  readonly tenant?: { readonly claim: ClaimPath; readonly id: string };
  /** The address where the gateway fetches its keys. */
  readonly jwksUri: string;
  readonly profile: ProfileName;
  /** The JWS algorithm that signs its tokens. */
  readonly algorithm: string;
  /** The audiences that the policy accepts; may be empty. */
  readonly audiences: readonly string[];
  /** The place of the audience in its tokens. */
  readonly audienceClaim: ClaimPath;
  /** The place of the scopes in its tokens. */
  readonly scopeClaim: ClaimPath;
  /** How its tokens name each declared scope, by full name. */
  readonly scopeNames: Readonly<Record<string, string>>;
  /** Whether the gateway accepts its tokens for clients that are not registered. */
  readonly acceptsAnyClient: boolean;
  readonly clients: readonly ClientSettings[];
}

/** A client of an issuer. */
export interface ClientSettings {
  /** The client id in its tokens. */
  readonly id: string;
  /** Full names of the scopes that it may be granted, in the order of the policy. */
  readonly scopes: readonly string[];
}
