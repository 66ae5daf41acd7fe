import { isObject, type JsonObject } from "../../../json/json-object.ts";
import type { FaultText } from "../../../result.ts";
import { objectAt, stringAt } from "../../json-members.ts";
import { isSecurityExtension } from "./vendor-security.ts";

/** A security scheme of a document. */
export type SecurityScheme =
  /** Callers bring an access token. Their scopes count. */
  | {
      readonly kind: "token";
      /** Descriptions of the scopes of all flows, by name. */
      readonly scopes: ReadonlyMap<string, string>;
      /** Whether any one of the scopes suffices in an alternative, and not all of them are needed. */
      readonly anyScope: boolean;
    }
  /** The gateway does not check it: an API key, Basic, mutual TLS. */
  | { readonly kind: "unchecked" }
  /** Nobody can tell what it asks of callers. */
  | { readonly kind: "unknown"; readonly fault: FaultText };

const AUTHTYPE = "x-amazon-apigateway-authtype";
const AUTHORIZER = "x-amazon-apigateway-authorizer";

/**
 * Reads a security scheme (OpenAPI 3.1 4.8.27). Token schemes are `oauth2`, `openIdConnect`, `http` with `bearer`, and
 * the `apiKey` scheme as which Amazon API Gateway writes an authorizer of a Cognito user pool. A scheme whose check
 * stands in code, as that of a Lambda authorizer, is unknown: the document does not say whom it admits.
 */
export function readScheme(value: unknown): SecurityScheme {
  if (!isObject(value)) return unknown("It is not an object.", "Declare it with a `type`.");
  const amazon = amazonAuthorizer(value);
  const extension = Object.keys(value).find(
    (name) =>
      name !== AUTHTYPE && name !== AUTHORIZER && isSecurityExtension(name) && !/authorization-?code/i.test(name),
  );
  if (extension !== undefined) {
    return unknown(
      `It has \`${extension}\`, which the gateway does not understand.`,
      "Remove it if it restricts no caller.",
    );
  }
  if (amazon !== undefined && !TOKEN_AUTHORIZERS.has(amazon)) {
    return unknown(`It uses the authorizer \`${amazon}\`, which is not in the document.`, "Add a route by hand.");
  }
  switch (stringAt(value, "type")) {
    case "oauth2":
    case "openIdConnect":
      return token(value, amazon);
    case "http":
      return stringAt(value, "scheme")?.toLowerCase() === "bearer" ? token(value, amazon) : UNCHECKED;
    case "apiKey":
      return amazon === undefined ? UNCHECKED : token(value, amazon);
    case "mutualTLS":
      return UNCHECKED;
    default:
      return unknown("It has no type of OpenAPI 3.", "Use oauth2, openIdConnect, http, apiKey or mutualTLS.");
  }
}

const UNCHECKED: SecurityScheme = { kind: "unchecked" };

/** Authorizers of Amazon API Gateway that check an access token and its scopes. */
const TOKEN_AUTHORIZERS: ReadonlySet<string> = new Set(["cognito_user_pools", "jwt"]);

/** The kind of authorizer of Amazon API Gateway, in lower case; `undefined` if the scheme has none. */
function amazonAuthorizer(scheme: JsonObject): string | undefined {
  if (!Object.hasOwn(scheme, AUTHTYPE) && !Object.hasOwn(scheme, AUTHORIZER)) return undefined;
  const said = [
    ...(Object.hasOwn(scheme, AUTHTYPE) ? [scheme[AUTHTYPE]] : []),
    ...(Object.hasOwn(scheme, AUTHORIZER) ? [objectAt(scheme, AUTHORIZER)["type"]] : []),
  ].map((kind) => (typeof kind === "string" ? kind.toLowerCase() : "unknown"));
  return [...new Set(said)].join(", ");
}

function token(scheme: JsonObject, amazon: string | undefined): SecurityScheme {
  const flows = Object.values(objectAt(scheme, "flows")).filter(isObject);
  const scopes = flows.flatMap((flow) => Object.entries(objectAt(flow, "scopes")));
  return {
    kind: "token",
    scopes: new Map(scopes.map(([name, description]) => [name, String(description ?? "")])),
    anyScope: amazon !== undefined,
  };
}

function unknown(message: string, hint: string): SecurityScheme {
  return { kind: "unknown", fault: { message, hint } };
}
