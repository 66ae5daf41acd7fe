import type { Product } from "../discovery/known-issuers.ts";
import {
  audiencesOf,
  grantsOf,
  PLACEHOLDERS,
  pointer,
  RECIPE_NAMES,
  type Recipe,
  type RecipeAnswers,
  type RecipeName,
} from "./recipe.ts";

const REGISTERED = { registeredClientsOnly: true } as const;

/** Entra ID reads a short scope name in a request as a scope of Microsoft Graph. */
const REQUESTED_IN_FULL = { requestedScopeNames: "full" } as const;

/** The recipes of the guide `docs/guides/issuers.md`. A test compares its blocks with what `init` writes. */
export const RECIPES: Readonly<Record<RecipeName, Recipe>> = {
  cognito: {
    product: "Cognito",
    shows: "custom scopes",
    settings: (answers) => ({
      profile: "cognito",
      ...(answers.audiences.length > 0 && { audiences: audiencesOf(answers) }),
      ...REGISTERED,
    }),
  },
  "cognito-groups": {
    product: "Cognito",
    shows: "groups of users who sign in",
    settings: (answers) => ({
      profile: "cognito",
      ...(answers.audiences.length > 0 && { audiences: audiencesOf(answers) }),
      grants: grantsOf("cognito:groups", answers),
      ...REGISTERED,
    }),
  },
  "cognito-resource": {
    product: "Cognito",
    shows: "custom scopes, bound to one API",
    settings: (answers) => ({ profile: "cognito", audiences: audiencesOf(answers), ...REGISTERED }),
    advice: "Clients must ask for the API with the parameter `resource` when they sign in.",
  },
  entra: {
    product: "Entra ID",
    shows: "delegated permissions (`scp`)",
    settings: (answers) => ({
      profile: "generic",
      audiences: audiencesOf(answers, [PLACEHOLDERS.audience]),
      scopeClaim: "scp",
      ...REQUESTED_IN_FULL,
      ...REGISTERED,
    }),
    advice: "Set `requestedAccessTokenVersion` to 2 in the API's manifest. `aud` is then the API's client id.",
  },
  "entra-roles": {
    product: "Entra ID",
    shows: "delegated permissions and app roles",
    settings: (answers) => ({
      profile: "generic",
      audiences: audiencesOf(answers, [PLACEHOLDERS.audience]),
      scopeClaim: "scp",
      ...REQUESTED_IN_FULL,
      grants: grantsOf("roles", answers),
      ...REGISTERED,
    }),
    advice: "Allow these app roles for applications only: a user's roles are in delegated tokens, too.",
  },
  "entra-tenants": {
    product: "Entra ID (several tenants)",
    shows: "delegated permissions, from several tenants",
    settings: (answers) => ({
      tenants: [...answers.tenants],
      tenantClaim: "tid",
      profile: "generic",
      audiences: audiencesOf(answers, [PLACEHOLDERS.audience]),
      scopeClaim: "scp",
      ...REQUESTED_IN_FULL,
      ...REGISTERED,
    }),
  },
  okta: {
    product: "Okta",
    shows: "scopes (`scp`)",
    settings: (answers) => ({
      profile: "generic",
      audiences: audiencesOf(answers, answers.issuer.endsWith("/oauth2/default") ? ["api://default"] : undefined),
      scopeClaim: "scp",
      ...REGISTERED,
    }),
    advice: "Compare `audiences` with the audience of the authorization server in Okta.",
  },
  auth0: {
    product: "Auth0",
    shows: "scopes",
    settings: (answers) => ({ profile: "generic", audiences: audiencesOf(answers), ...REGISTERED }),
    advice: "Enable RBAC for the API in Auth0: without it, `scope` has everything that a client asks for.",
  },
  "auth0-permissions": {
    product: "Auth0",
    shows: "permissions of the user",
    settings: (answers) => ({
      profile: "generic",
      audiences: audiencesOf(answers),
      scopeClaim: "permissions",
      ...REGISTERED,
    }),
    advice: "Enable RBAC and `Add Permissions in the Access Token` for the API in Auth0.",
  },
  keycloak: {
    product: "Keycloak",
    shows: "client scopes",
    settings: (answers) => ({ profile: "generic", audiences: audiencesOf(answers), ...REGISTERED }),
    advice: "Add the audience with an audience mapper: stock tokens have none, or `account`.",
  },
  "keycloak-roles": {
    product: "Keycloak",
    shows: "client scopes, client roles and realm roles",
    settings: (answers) => ({
      profile: "generic",
      audiences: audiencesOf(answers),
      scopeClaim: ["scope", pointer("resource_access", audiencesOf(answers)[0] ?? "", "roles")],
      ...(answers.groups.length > 0 && { grants: grantsOf("/realm_access/roles", answers) }),
      ...REGISTERED,
    }),
    advice: "Switch `Full scope allowed` off in each client: with it, tokens have all roles of the user.",
  },
  google: {
    product: "Google",
    shows: "service accounts, by their unique ids",
    settings: (answers) => ({
      profile: "generic",
      audiences: audiencesOf(answers),
      ...(answers.clients.length > 0 && { grants: grantsOf("sub", { ...answers, groups: answers.clients }) }),
      ...REGISTERED,
    }),
    advice: "Keep `registeredClientsOnly`: every service account of Google can get a token with your audience.",
  },
  clerk: {
    product: "Clerk",
    shows: "roles in organizations",
    settings: (answers) => ({
      profile: "generic",
      audiences: audiencesOf(answers, answers.clients.length > 0 ? answers.clients : [PLACEHOLDERS.audience]),
      audienceClaims: ["aud", "azp"],
      grants: grantsOf("/o/rol", answers),
      ...REGISTERED,
    }),
    advice: "Clients and audiences are the origins of your web pages: `azp` in session tokens.",
  },
  workos: {
    product: "WorkOS",
    shows: "permissions in organizations",
    hasNoClient: true,
    settings: (answers) => ({
      profile: "generic",
      // Some environments write their client id as `aud`: it is the end of the issuer.
      audiences: audiencesOf(answers, [answers.issuer, answers.issuer.split("/").at(-1) ?? ""]),
      audienceClaims: ["aud", "iss"],
      scopeClaim: "permissions",
    }),
  },
  zitadel: {
    product: "Zitadel",
    shows: "roles of the project",
    settings: (answers) => ({
      profile: "generic",
      audiences: audiencesOf(answers, [PLACEHOLDERS.audience]),
      grants: grantsOf("urn:zitadel:iam:org:project:roles", answers),
      ...REGISTERED,
    }),
    advice: "`aud` is the id of the project. Set the token type of each application to JWT.",
  },
};

/** The recipe that fits a product; `undefined` if there is none. */
export function recipeFor(product: Product | undefined): RecipeName | undefined {
  return RECIPE_NAMES.find((name) => RECIPES[name].product === product);
}

/**
 * An issuer of the policy, without the members that are found out. Without a recipe, its tokens must name the resource
 * server as their audience.
 */
export function recipeSettings(name: RecipeName | undefined, answers: RecipeAnswers): ReturnType<Recipe["settings"]> {
  if (name !== undefined) return RECIPES[name].settings(answers);
  return { profile: "generic", audiences: audiencesOf(answers), ...REGISTERED };
}

/** Whether a recipe's tokens name no client. */
export function hasNoClient(name: RecipeName | undefined): boolean {
  return name !== undefined && RECIPES[name].hasNoClient === true;
}
