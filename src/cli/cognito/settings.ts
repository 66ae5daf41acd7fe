import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import type { Client, Policy } from "../../policy/policy.ts";

/** The part of a policy that a Cognito user pool needs as well: resource servers and app clients. */
export interface CognitoSettings {
  readonly servers: readonly CognitoServer[];
  readonly clients: readonly CognitoClient[];
  /** The id of the pool that the settings were read from, such as `eu-central-1_A1b2C3d4E`. */
  readonly userPoolId: string | undefined;
}

/** A resource server. */
export interface CognitoServer {
  readonly identifier: string;
  readonly name: string | undefined;
  /** By short name, as in `routes.json`. */
  readonly scopes: Readonly<Record<string, ScopeDeclaration>>;
}

/** How `routes.json` declares a scope: a description, or an object that also says what the scope implies. */
export type ScopeDeclaration = NonNullable<PolicyConfig["resourceServers"]>[string]["scopes"][string];

/** An app client. */
export interface CognitoClient {
  /** The value of `client_id` in its tokens, or what stands for it. */
  readonly id: string;
  /** What `id` is. A template knows a client's name or label only, because Cognito chooses the id. */
  readonly knownBy: "id" | "name" | "label";
  /** What people call it, where `id` does not say so. Left out: the source has no name. */
  readonly name?: string;
  /** Full names of the scopes that the client may be granted. */
  readonly scopes: readonly string[];
}

/**
 * The settings that a policy needs: declarations as they are in the file, scopes of clients by full name. If the policy
 * has several issuers, clients of issuers other than Cognito are left out.
 */
export function settingsOf(file: PolicyConfig, policy: Policy): CognitoSettings {
  const issuers = [...policy.issuers.values()];
  const others = new Set(issuers.filter(({ profile }) => profile !== "cognito").map(({ name }) => name));
  const isExported = ({ issuer }: Client): boolean => issuers.length < 2 || !others.has(issuer ?? "");
  return {
    servers: Object.entries(file.resourceServers ?? {}).map(([identifier, { name, scopes }]) => ({
      identifier,
      name,
      scopes,
    })),
    clients: [...policy.clients.values()]
      .filter(isExported)
      .map(({ name, scopes }) => ({ id: name, scopes: [...scopes], knownBy: "name" })),
    userPoolId: undefined,
  };
}

/** The description in a scope declaration of either form. */
export function descriptionOf(declaration: ScopeDeclaration): string {
  return typeof declaration === "string" ? declaration : declaration.description;
}
