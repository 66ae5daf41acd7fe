import type { IssuerConfig } from "../../policy/compile/schema/config-schema.ts";
import type { Product } from "../discovery/known-issuers.ts";

/** What a recipe makes an issuer of. */
export interface RecipeAnswers {
  readonly issuer: string;
  readonly resourceServer: string;
  readonly clients: readonly string[];
  readonly audiences: readonly string[];
  readonly groups: readonly string[];
  readonly tenants: readonly string[];
  /** The scopes of the policy, by their short names. */
  readonly scopes: readonly string[];
}

/** How the tokens of a product look, as an issuer of `routes.json`. */
export interface Recipe {
  readonly product: Product;
  /** What grants scopes in its tokens, in a few words. */
  readonly shows: string;
  /** Whether its tokens name no client, so that no client can be registered. */
  readonly hasNoClient?: true;
  /** The issuer's members, except `issuer`, `jwksUri` and `algorithms`. */
  readonly settings: (answers: RecipeAnswers) => Omit<IssuerConfig, "issuer" | "jwksUri" | "algorithms">;
  /** What the user must know or do about the issuer itself. */
  readonly advice?: string;
}

/** Stands for what only the issuer knows. No token has such a value: nobody gets in by it until it is replaced. */
export const PLACEHOLDERS = {
  audience: "<audience>",
  group: "<group>",
} as const;

/** The names that `--recipe` takes, in the order of the guide. The first one of a product is its default. */
export const RECIPE_NAMES = [
  "cognito",
  "cognito-groups",
  "cognito-resource",
  "entra",
  "entra-roles",
  "entra-tenants",
  "okta",
  "auth0",
  "auth0-permissions",
  "keycloak",
  "keycloak-roles",
  "google",
  "clerk",
  "workos",
  "zitadel",
] as const;

export type RecipeName = (typeof RECIPE_NAMES)[number];

/** The audiences that were given; else the default, which is the resource server unless the recipe has another. */
export function audiencesOf(
  { audiences, resourceServer }: RecipeAnswers,
  otherwise: readonly string[] = [resourceServer],
): string[] {
  return [...(audiences.length > 0 ? audiences : otherwise)];
}

/** Each group grants every scope of the policy. */
export function grantsOf(claim: string, { groups, scopes }: RecipeAnswers): NonNullable<IssuerConfig["grants"]> {
  const values = groups.length > 0 ? groups : [PLACEHOLDERS.group];
  return { [claim]: Object.fromEntries(values.map((value) => [value, [...scopes]])) };
}

/** A JSON Pointer to these steps (RFC 6901 3). */
export function pointer(...steps: readonly string[]): string {
  return steps.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
