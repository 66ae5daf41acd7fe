import type { ProfileName } from "../../../profiles.ts";

const EVERY_TOKEN = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "client_id", "scope", "auth_time", "acr", "amr"];
/** OpenID Connect Core 5.1: an issuer may write them into access tokens, too (RFC 9068 2.2.2). */
const IDENTITY = [
  ...["name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture"],
  ...["website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number"],
  ...["phone_number_verified", "address", "updated_at", "act", "may_act", "sid"],
];

/**
 * The claims, at the top level, that access tokens of a profile are known to have, by the documentation of issuers. A
 * token can have others: issuers let their users add some.
 */
export const KNOWN_CLAIMS: Readonly<Record<ProfileName, ReadonlySet<string>>> = {
  // "Understanding the access token" in the developer guide of Amazon Cognito. Attributes are in ID tokens only.
  cognito: new Set([
    ...["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope", "auth_time", "token_use", "cognito:groups"],
    ...["username", "version", "origin_jti", "event_id", "device_key"],
  ]),
  // RFC 9068 2.2.
  rfc9068: new Set([...EVERY_TOKEN, ...IDENTITY, "groups", "roles", "entitlements", "authorization_details"]),
  generic: new Set([
    ...[...EVERY_TOKEN, ...IDENTITY, "azp", "groups", "roles", "entitlements", "permissions", "org_id", "org_name"],
    // Microsoft Entra ID
    ...["tid", "oid", "scp", "appid", "app_displayname", "azpacr", "appidacr", "wids", "idtyp", "upn", "unique_name"],
    ...["ver", "acrs", "hasgroups", "ipaddr", "idp", "xms_cc", "login_hint", "verified_primary_email"],
    // Okta and Auth0
    ...["cid", "uid", "gty"],
    // Keycloak
    ...["realm_access", "resource_access", "session_state", "typ", "allowed-origins", "organization"],
    // Google
    "hd",
    // Clerk and WorkOS
    ...["org_role", "org_slug", "org_permissions", "o", "fva", "fea", "pla", "sts", "role", "feature_flags"],
    // Zitadel
    ...["urn:zitadel:iam:org:project:roles", "urn:zitadel:iam:user:resourceowner:id", "urn:zitadel:iam:user:metadata"],
  ]),
};

/**
 * Whether a name is a URL, as Auth0 asks of claims that its users add on purpose. Cognito's users add them by a
 * trigger.
 */
export function isNamespaced(name: string): boolean {
  return /^https?:\/\//.test(name);
}
