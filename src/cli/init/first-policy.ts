import { parseSafeUrl } from "../../http/safe-url.ts";
import type { IssuerConfig, PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { isScopeToken } from "../../policy/compile/scope-names.ts";
import { type FaultText, fault, type Result, success } from "../../result.ts";
import { knownIssuer, refuseSharedTenant } from "../discovery/known-issuers.ts";
import type { RecipeAnswers, RecipeName } from "./recipe.ts";
import { hasNoClient, recipeFor, recipeSettings } from "./recipes.ts";

/** The answers that a first policy is made from. */
export interface FirstPolicy {
  /** The exact value of `iss` in the issuer's tokens. */
  readonly issuer: string;
  /** Identifier of the resource server that declares the scopes. */
  readonly resourceServer: string;
  /** Never empty. Each upstream gets a collection of its own name. */
  readonly upstreams: readonly { readonly name: string; readonly url: string }[];
  /** The ids of the first clients. Each may be granted every scope of the policy. */
  readonly clients: readonly string[];
  /**
   * What the tokens look like. Default: what fits the form of the issuer; if nothing does, any JWT with an audience.
   */
  readonly recipe?: RecipeName;
  /** Whom the tokens are meant for. Default: none, so that the recipe decides. */
  readonly audiences?: readonly string[];
  /** The groups, roles or permissions that grant every scope of the policy, if the recipe uses them. Default: none. */
  readonly groups?: readonly string[];
  /** The ids of the tenants that are let in, for an issuer of several tenants. Default: none. */
  readonly tenants?: readonly string[];
}

/** The settings of an issuer that `init` finds out. A member that is absent has its default. */
export type FoundSettings = Pick<IssuerConfig, "jwksUri" | "algorithms" | "scopeClaim">;

/**
 * A policy to start from. Each upstream gets a scope to read, a scope to write, and the routes of a collection and its
 * items. Only the given clients are accepted: `registeredClientsOnly` keeps all other clients of the issuer out, even
 * with the right scopes. An issuer whose tokens name no client accepts all of them. An issuer with the address of a
 * Cognito pool gets the profile `cognito`. Any other issuer gets the profile `generic`, and its tokens must name an
 * audience.
 */
export function firstPolicy(answers: FirstPolicy, found: FoundSettings): PolicyConfig {
  const { issuer, resourceServer, upstreams } = answers;
  const recipe = chosenRecipe(answers);
  const clients = hasNoClient(recipe) ? [] : answers.clients;
  const scopes = scopesOf(upstreams);
  const granted = { scopes: scopes.map(([name]) => name) };
  const settings = recipeSettings(recipe, recipeAnswers(answers));
  return {
    issuers: { [settings.profile === "cognito" ? "cognito" : "main"]: { issuer, ...found, ...settings } },
    resourceServers: { [resourceServer]: { scopes: Object.fromEntries(scopes) } },
    ...(clients.length > 0 && { clients: Object.fromEntries(clients.map((id) => [id, granted])) }),
    upstreams: Object.fromEntries(upstreams.map(({ name, url }) => [name, { url }])),
    routes: upstreams.flatMap(({ name: upstream }) => {
      const read = { scopes: [`read:${upstream}`], upstream };
      const write = { scopes: [`write:${upstream}`], upstream };
      return [
        { path: `/${upstream}`, methods: ["GET"], ...read },
        { path: `/${upstream}`, methods: ["POST"], ...write },
        { path: `/${upstream}/:id`, methods: ["GET"], ...read },
        { path: `/${upstream}/:id`, methods: ["PUT", "PATCH", "DELETE"], ...write },
      ];
    }),
  };
}

/** The recipe of a first policy: the one that was given, else the one that fits the form of the issuer. */
export function chosenRecipe({ recipe, issuer }: FirstPolicy): RecipeName | undefined {
  return recipe ?? recipeFor(knownIssuer(issuer)?.product);
}

/** The answers that a recipe needs. */
export function recipeAnswers({ audiences = [], groups = [], tenants = [], ...rest }: FirstPolicy): RecipeAnswers {
  return { ...rest, audiences, groups, tenants, scopes: scopesOf(rest.upstreams).map(([name]) => name) };
}

/** The scopes of the policy: short name and description. */
function scopesOf(upstreams: FirstPolicy["upstreams"]): readonly (readonly [name: string, description: string])[] {
  return upstreams.flatMap(({ name }) => [
    [`read:${name}`, `Read ${name}`] as const,
    [`write:${name}`, `Create, change and delete ${name}`] as const,
  ]);
}

/** The profile of an issuer, by its address. */
export function profileOf(issuer: string): "cognito" | "generic" {
  return knownIssuer(issuer)?.product === "Cognito" ? "cognito" : "generic";
}

/** The issuer, exactly as given, because `iss` is compared exactly. It must be a URL that key sets may come from. */
export function parseIssuer(text: string): Result<string, FaultText> {
  const url = parseSafeUrl(text);
  if (url.ok) return refuseSharedTenant(text);
  return fault(url.failure.message, "For example: https://cognito-idp.eu-central-1.amazonaws.com/POOL_ID.");
}

/** The identifier of a resource server. Full scope names begin with it, so it has only characters of scope names. */
export function parseResourceServer(text: string): Result<string, FaultText> {
  if (isScopeToken(text)) return success(text);
  return fault(
    "The identifier contains a character that scope names cannot have.",
    "Write it without spaces, for example: https://api.example.com.",
  );
}

/** Upstreams as `name=url`, several separated by spaces or commas. Whether they answer is not checked. */
export function parseUpstreams(text: string): Result<FirstPolicy["upstreams"], FaultText> {
  const upstreams: { name: string; url: string }[] = [];
  for (const part of text.split(/[\s,]+/).filter((it) => it !== "")) {
    const [, name, url] = /^([a-z][a-z0-9_-]*)=(.+)$/i.exec(part) ?? [];
    if (name === undefined || url === undefined) return fault(`\`${part}\` is not name=url.`, UPSTREAM_HINT);
    const parsed = parseSafeUrl(url);
    if (!parsed.ok) return fault(`${name}: ${parsed.failure.message}`, parsed.failure.hint);
    if (upstreams.some((it) => it.name === name)) {
      return fault(`There are two upstreams \`${name}\`.`, "Give each upstream a name of its own.");
    }
    upstreams.push({ name, url });
  }
  return upstreams.length > 0 ? success(upstreams) : fault("There is no upstream.", UPSTREAM_HINT);
}

/** Ids of clients, separated by spaces or commas. There may be none. Whether the issuer knows them is not checked. */
export function parseClients(text: string): Result<FirstPolicy["clients"], FaultText> {
  return success([...new Set(text.split(/[\s,]+/).filter((it) => it !== ""))]);
}

/** The address of a key set: a URL that keys may come from. */
export function parseJwksUri(text: string): Result<string, FaultText> {
  const url = parseSafeUrl(text);
  return url.ok ? success(text) : url;
}

const UPSTREAM_HINT = "For example: orders=https://orders.example.com.";
