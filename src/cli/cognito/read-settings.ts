import { isObject, type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from "../json-members.ts";
import { fromCloudFormation } from "./cloudformation.ts";
import type { CognitoClient, CognitoServer, CognitoSettings } from "./settings.ts";
import { fromTerraform } from "./terraform.ts";

/**
 * The settings in a JSON document: the output of `aws cognito-idp list-resource-servers`, `describe-resource-server` or
 * `describe-user-pool-client`, or of `export cognito`. `undefined` if it is none of these.
 *
 * The client's secret, which the AWS command prints as well, is not read.
 */
export function readSettings(document: unknown): CognitoSettings | undefined {
  if (!isObject(document)) return undefined;
  if ("Resources" in document) return fromCloudFormation(document);
  if ("resource" in document) return fromTerraform(document);
  const servers =
    "ResourceServer" in document ? [objectAt(document, "ResourceServer")] : objectsAt(document, "ResourceServers");
  const clients = "UserPoolClient" in document ? [objectAt(document, "UserPoolClient")] : [];
  if (!["ResourceServers", "ResourceServer", "UserPoolClient"].some((name) => name in document)) return undefined;
  const [first] = [...servers, ...clients];
  return {
    servers: servers.flatMap(readServer),
    clients: clients.flatMap(readClient),
    userPoolId: first && stringAt(first, "UserPoolId"),
  };
}

function readServer(server: JsonObject): readonly CognitoServer[] {
  const identifier = stringAt(server, "Identifier");
  if (identifier === undefined) return [];
  const scopes = objectsAt(server, "Scopes").flatMap((scope) => {
    const name = stringAt(scope, "ScopeName");
    return name === undefined ? [] : [[name, stringAt(scope, "ScopeDescription") ?? ""] as const];
  });
  return [{ identifier, name: stringAt(server, "Name"), scopes: Object.fromEntries(scopes) }];
}

function readClient(client: JsonObject): readonly CognitoClient[] {
  const id = stringAt(client, "ClientId");
  return id === undefined ? [] : [{ id, scopes: stringsAt(client, "AllowedOAuthScopes") }];
}
