import { type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from "../json-members.ts";
import { Labels } from "./labels.ts";
import { clientName, type Lost, lostOfServer, restoreServer, scopeDescription, serverName } from "./names.ts";
import type { CognitoClient, CognitoServer, CognitoSettings } from "./settings.ts";

const SERVER_TYPE = "AWS::Cognito::UserPoolResourceServer";
const CLIENT_TYPE = "AWS::Cognito::UserPoolClient";

/**
 * The settings as a CloudFormation template for an existing user pool, whose id is a parameter. Clients get the
 * `client_credentials` flow. Cognito chooses their identifiers, so these are outputs.
 */
export function toCloudFormation({ servers, clients }: CognitoSettings): JsonObject {
  const labels = new Labels();
  const resources: Record<string, unknown> = {};
  const outputs: Record<string, unknown> = {};
  const serverLabels = servers.map((server) => {
    const label = labels.next(server.identifier, "Server");
    resources[label] = serverResource(server);
    return label;
  });
  for (const client of clients) {
    const label = labels.next(client.id, "Client");
    resources[label] = clientResource(client, serverLabels);
    outputs[`${label}Id`] = { Description: `The client_id of ${clientName(client.id)}`, Value: { Ref: label } };
  }
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "Resource servers and app clients, exported from a Scopegate policy.",
    Parameters: { UserPoolId: { Type: "String", Description: "The id of the user pool." } },
    Resources: resources,
    ...(clients.length > 0 && { Outputs: outputs }),
  };
}

/** The settings in a template. Resources of other types are ignored. */
export function fromCloudFormation(template: JsonObject): CognitoSettings {
  const resources = objectAt(template, "Resources");
  const servers: CognitoServer[] = [];
  const clients: CognitoClient[] = [];
  for (const label of Object.keys(resources)) {
    const resource = objectAt(resources, label);
    const properties = objectAt(resource, "Properties");
    const lost: Lost = objectAt(objectAt(resource, "Metadata"), "Scopegate");
    if (resource["Type"] === SERVER_TYPE) servers.push(readServer(properties, lost));
    if (resource["Type"] === CLIENT_TYPE) clients.push(readClient(label, properties, lost));
  }
  return { servers, clients, userPoolId: undefined };
}

function serverResource(server: CognitoServer) {
  const lost = lostOfServer(server);
  return {
    Type: SERVER_TYPE,
    ...(lost && { Metadata: { Scopegate: lost } }),
    Properties: {
      UserPoolId: { Ref: "UserPoolId" },
      Identifier: server.identifier,
      Name: serverName(server),
      Scopes: Object.entries(server.scopes).map(([shortName, declaration]) => ({
        ScopeName: shortName,
        ScopeDescription: scopeDescription(shortName, declaration),
      })),
    },
  };
}

function clientResource({ id, scopes }: CognitoClient, serverLabels: readonly string[]) {
  const name = clientName(id);
  return {
    Type: CLIENT_TYPE,
    ...(name !== id && { Metadata: { Scopegate: { name: id } satisfies Lost } }),
    // Cognito refuses a client with scopes that do not exist yet.
    ...(serverLabels.length > 0 && { DependsOn: serverLabels }),
    Properties: {
      UserPoolId: { Ref: "UserPoolId" },
      ClientName: name,
      GenerateSecret: true,
      // A client without scopes can get no token, so it has no flow.
      ...(scopes.length > 0 && {
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ["client_credentials"],
        AllowedOAuthScopes: scopes,
      }),
    },
  };
}

function readServer(properties: JsonObject, lost: Lost): CognitoServer {
  const scopes = objectsAt(properties, "Scopes").map(
    (scope) => [stringAt(scope, "ScopeName") ?? "", stringAt(scope, "ScopeDescription") ?? ""] as const,
  );
  const identifier = stringAt(properties, "Identifier") ?? "";
  return restoreServer(identifier, stringAt(properties, "Name") ?? "", new Map(scopes), lost);
}

function readClient(label: string, properties: JsonObject, lost: Lost): CognitoClient {
  return {
    id: lost.name ?? stringAt(properties, "ClientName") ?? label,
    scopes: stringsAt(properties, "AllowedOAuthScopes"),
  };
}
