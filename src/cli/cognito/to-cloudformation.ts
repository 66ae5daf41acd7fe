import type { JsonObject } from "../../json/json-object.ts";
import { CLIENT_TYPE } from "./from-cloudformation.ts";
import { Labels } from "./labels.ts";
import { clientName, type Lost, lostOfServer, scopeDescription, serverName } from "./names.ts";
import { SERVER_TYPE } from "./resolve-intrinsics.ts";
import type { CognitoClient, CognitoServer, CognitoSettings } from "./settings.ts";

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
