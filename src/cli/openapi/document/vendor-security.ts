import { isObject, type JsonObject } from "../../../json/json-object.ts";

/** A word of an extension's name that says the extension restricts callers. */
const SECURITY_WORD =
  /^(?:oauth\d*|auth(?!ors?$|ored$).*|openid|oidc|jwt|secur.*|scopes?|permissions?|privileges?|roles?|rbac|acl)$/;

/** Extensions that restrict callers, although no word of their names says so. */
const RESTRICTING = /^x-(?:amazon-apigateway-policy|google-(?:allow|issuer|jwks.*|jwt.*|audiences)|tyk-api-gateway)$/;

/** Extensions whose names mislead: this one chooses versions of TLS. */
const HARMLESS: ReadonlySet<string> = new Set(["x-amazon-apigateway-security-policy"]);

/**
 * The first member that may restrict callers in a way that OpenAPI does not know; `undefined` if there is none. It is a
 * vendor extension, such as `x-amazon-apigateway-auth`, `x-google-issuer` or `x-required-scopes`, or a member that
 * OpenAPI has nowhere, such as `Security` or `scopes`.
 *
 * Nobody can list the extensions of all vendors, so this goes by the words in a name. It finds some that restrict
 * nobody, and may miss one with an unusual name.
 *
 * @param value an operation, a path item or a document
 */
export function securityExtension(value: JsonObject): string | undefined {
  return Object.keys(value).find(
    (name) => (isSecurityExtension(name) || isUnknownSecurity(name)) && !saysNone(name, value[name]),
  );
}

/** No field of an operation, a path item or a document has such a word in its name, except `security` itself. */
function isUnknownSecurity(name: string): boolean {
  return !/^x-/i.test(name) && name !== "security" && hasSecurityWord(name);
}

/** Whether the name of a member is that of a vendor extension that restricts callers. */
export function isSecurityExtension(name: string): boolean {
  if (!/^x-/i.test(name) || HARMLESS.has(name)) return false;
  if (RESTRICTING.test(name.toLowerCase())) return true;
  return hasSecurityWord(name);
}

function hasSecurityWord(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word) => SECURITY_WORD.test(word));
}

/** Whether an extension of Amazon says that there is no authorization. */
function saysNone(name: string, value: unknown): boolean {
  return name === "x-amazon-apigateway-auth" && isObject(value) && String(value["type"]).toUpperCase() === "NONE";
}
