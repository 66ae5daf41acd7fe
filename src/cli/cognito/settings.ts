import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import type { Policy } from "../../policy/policy.ts";

/** What of a policy a Cognito user pool has to know as well: its resource servers and app clients. */
export interface CognitoSettings {
  readonly servers: readonly CognitoServer[];
  readonly clients: readonly CognitoClient[];
  /** Of the pool that they were read from, e.g. `eu-central-1_A1b2C3d4E`. */
  readonly userPoolId: string | undefined;
}

export interface CognitoServer {
  readonly identifier: string;
  readonly name: string | undefined;
  /** By short name, as in `routes.json`. */
  readonly scopes: Readonly<Record<string, ScopeDeclaration>>;
}

/** A description, or one with what the scope implies. */
export type ScopeDeclaration = NonNullable<PolicyConfig["resourceServers"]>[string]["scopes"][string];

export interface CognitoClient {
  /** The value of `client_id` in its tokens. */
  readonly id: string;
  /** Full names. */
  readonly scopes: readonly string[];
}

/** The settings that a policy calls for: declarations as they stand in the file, scopes of clients by full name. */
export function settingsOf(file: PolicyConfig, policy: Policy): CognitoSettings {
  return {
    servers: Object.entries(file.resourceServers ?? {}).map(([identifier, { name, scopes }]) => ({
      identifier,
      name,
      scopes,
    })),
    clients: Array.from(policy.clients.values(), ({ id, scopes }) => ({ id, scopes: [...scopes] })),
    userPoolId: undefined,
  };
}

/** The description of a scope, however it is declared. */
export function descriptionOf(declaration: ScopeDeclaration): string {
  return typeof declaration === "string" ? declaration : declaration.description;
}
