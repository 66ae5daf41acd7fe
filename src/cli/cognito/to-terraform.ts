import type { JsonObject } from "../../json/json-object.ts";
import { COMMENT } from "./from-terraform.ts";
import { Labels } from "./labels.ts";
import { clientName, type Lost, lostOfServer, scopeDescription, serverName } from "./names.ts";
import type { CognitoClient, CognitoServer, CognitoSettings } from "./settings.ts";
import { CLIENT_TYPE, SERVER_TYPE } from "./terraform-names.ts";

/**
 * The settings as a Terraform configuration in JSON syntax (a `.tf.json` file), for the AWS provider and an existing
 * user pool, whose id is a variable. Clients get the `client_credentials` flow. Cognito chooses their identifiers, so
 * these are outputs.
 */
export function toTerraform({ servers, clients }: CognitoSettings): JsonObject {
  const labels = new Labels();
  const serverResources: Record<string, unknown> = {};
  const clientResources: Record<string, unknown> = {};
  const outputs: Record<string, unknown> = {};
  for (const server of servers) serverResources[labels.next(server.identifier, "Server")] = serverResource(server);
  const dependsOn = Object.keys(serverResources).map((label) => `${SERVER_TYPE}.${label}`);
  for (const client of clients) {
    const label = labels.next(client.id, "Client");
    clientResources[label] = clientResource(client, dependsOn);
    outputs[`${label}Id`] = { value: `\${${CLIENT_TYPE}.${label}.id}` };
  }
  return {
    variable: { user_pool_id: { type: "string", description: "The id of the user pool." } },
    resource: {
      ...(servers.length > 0 && { [SERVER_TYPE]: serverResources }),
      ...(clients.length > 0 && { [CLIENT_TYPE]: clientResources }),
    },
    ...(clients.length > 0 && { output: outputs }),
  };
}

function serverResource(server: CognitoServer) {
  return {
    ...comment(lostOfServer(server)),
    user_pool_id: POOL,
    identifier: literal(server.identifier),
    name: literal(serverName(server)),
    scope: Object.entries(server.scopes).map(([shortName, declaration]) => ({
      scope_name: literal(shortName),
      scope_description: literal(scopeDescription(shortName, declaration)),
    })),
  };
}

function clientResource({ id, scopes }: CognitoClient, dependsOn: readonly string[]) {
  const name = clientName(id);
  return {
    ...comment(name === id ? undefined : { name: id }),
    user_pool_id: POOL,
    name: literal(name),
    generate_secret: true,
    // A client without scopes can get no token, so it has no flow.
    ...(scopes.length > 0 && {
      allowed_oauth_flows_user_pool_client: true,
      allowed_oauth_flows: ["client_credentials"],
      allowed_oauth_scopes: scopes.map(literal),
    }),
    // Cognito refuses a client with scopes that do not exist yet.
    ...(dependsOn.length > 0 && { depends_on: dependsOn }),
  };
}

const POOL = "${" + "var.user_pool_id}";

function comment(lost: Lost | undefined): { readonly [COMMENT]?: string } {
  return lost === undefined ? {} : { [COMMENT]: JSON.stringify({ scopegate: lost }) };
}

/** Doubles what begins an expression, because Terraform evaluates every string as a template. */
function literal(text: string): string {
  return text.replace(/([$%])\{/g, "$1$1{");
}
