import type { MemberNames } from "./resource-reader.ts";

export const SERVER_TYPE = "aws_cognito_resource_server";
export const CLIENT_TYPE = "aws_cognito_user_pool_client";

/** The types whose resources are clients. The second one adopts a client that another service of AWS made. */
const CLIENT_TYPES: readonly unknown[] = [CLIENT_TYPE, "aws_cognito_managed_user_pool_client"];

/** The attributes of both types, as a configuration has them. */
export const TERRAFORM_NAMES = {
  identifier: "identifier",
  serverName: "name",
  scopes: "scope",
  scopeName: "scope_name",
  scopeDescription: "scope_description",
  clientName: "name",
  clientScopes: "allowed_oauth_scopes",
  userPoolId: "user_pool_id",
  clientId: undefined,
} as const satisfies MemberNames;

/**
 * What a resource of a type is to the import. `unknown`: another type that makes resource servers or clients of
 * Cognito, such as one of the provider `awscc`, so it must not be ignored. `undefined`: any other type.
 */
export function kindOf(type: unknown): "server" | "client" | "unknown" | undefined {
  if (type === SERVER_TYPE) return "server";
  if (CLIENT_TYPES.includes(type)) return "client";
  const isCognito = typeof type === "string" && /cognito_(?:.*_)?(?:client|resource_server)s?$/.test(type);
  return isCognito ? "unknown" : undefined;
}
