import { API, claims, type Difference, ENTRA } from "./differences.ts";

/**
 * A token that the guide does not show: what it is; the methods that it may use on `/orders`, or the status and the
 * reason for all of them; how it differs from the one of the guide.
 */
export type OtherToken = readonly [name: string, may: string, change: Difference];

/** Tokens of the same products that the guide does not show. */
export const OTHER_TOKENS: Readonly<Record<string, readonly OtherToken[]>> = {
  cognito: [
    ["a doubled scope", "GET", claims({ scope: `${API}/read:orders ${API}/read:orders` })],
    ["a short scope name", "nothing", claims({ scope: "write:orders" })],
    ["the scope of another resource server", "nothing", claims({ scope: "https://api.example.com.evil/write:orders" })],
    ["groups, which this recipe does not map", "nothing", claims({ "cognito:groups": ["staff"], scope: "" })],
  ],
  "cognito-groups": [
    ["one group as a string", "GET, POST", claims({ "cognito:groups": "staff" })],
    ["groups in one string", "nothing", claims({ "cognito:groups": "customers staff" })],
    ["the group in another list", "nothing", claims({ "cognito:groups": [["staff"]] })],
    ["a custom scope beside no group", "GET", claims({ "cognito:groups": [], scope: `${API}/read:orders` })],
  ],
  "cognito-resource": [
    ["the audience in a list", "GET", claims({ aud: ["https://b.example", API] })],
    ["an empty list of audiences", "401 audience-mismatch", claims({ aud: [] })],
  ],
  entra: [
    [
      "app roles, which this recipe does not map",
      "nothing",
      claims({ scp: undefined, roles: ["read:orders", "write:orders"] }),
    ],
    ["two permissions", "GET, POST", claims({ scp: "read:orders write:orders" })],
    ["a token bound to a key", "401 token-binding-unsupported", claims({ cnf: { kid: "k", xms_ksl: "sw" } })],
  ],
  "entra-roles": [
    ["delegated permissions alone", "GET", claims({ roles: undefined, scp: "read:orders" })],
    ["a role that is named like a scope", "nothing", claims({ roles: ["write:orders"] })],
    ["a role in other case", "nothing", claims({ roles: ["orders.readwrite.all"] })],
  ],
  "entra-tenants": [
    [
      "the other listed tenant",
      "GET",
      claims({
        iss: `${ENTRA}/5d1ae7f3-1c5e-4a8e-9e53-0b6f2c1d7a90/v2.0`,
        tid: "5d1ae7f3-1c5e-4a8e-9e53-0b6f2c1d7a90",
      }),
    ],
    [
      "a listed tenant in upper case",
      "401 tenant-mismatch",
      claims({ iss: `${ENTRA}/8A7B6C5D-4E3F-4A1B-9C2D-3E4F5A6B7C8D/v2.0` }),
    ],
    ["no tid", "401 tenant-mismatch", claims({ tid: undefined })],
    [
      "version 1",
      "401 issuer-unknown",
      claims({ iss: "https://sts.windows.net/8a7b6c5d-4e3f-4a1b-9c2d-3e4f5a6b7c8d/" }),
    ],
  ],
  okta: [
    [
      "client credentials, where sub is the client",
      "POST",
      claims({ sub: "0oa1b2c3d4E5f6G7h8i9", uid: undefined, auth_time: undefined, scp: ["write:orders"] }),
    ],
    ["scopes as a string", "GET", claims({ scp: "read:orders openid" })],
    ["another client", "401 client-mismatch", claims({ cid: "0oaOther" })],
  ],
  auth0: [
    [
      "the profile of RFC 9068",
      "GET",
      {
        header: { typ: "at+jwt" },
        claims: { azp: undefined, client_id: "K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja", jti: "73WakrfVbNJBaAmhQtEeDv" },
      },
    ],
    [
      "client credentials, with one audience",
      "POST",
      claims({
        sub: "K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja@clients",
        aud: API,
        gty: "client-credentials",
        scope: "write:orders",
      }),
    ],
    [
      "permissions, which this recipe does not read",
      "nothing",
      claims({ scope: "openid", permissions: ["write:orders"] }),
    ],
    ["an issuer without the slash", "401 issuer-unknown", claims({ iss: "https://acme.eu.auth0.com" })],
  ],
  "auth0-permissions": [
    ["no permission", "nothing", claims({ permissions: [] })],
    ["scopes, which this recipe does not read", "GET", claims({ scope: "write:orders" })],
  ],
  keycloak: [
    ["one audience as a string", "GET", claims({ aud: API })],
    ["the header type at+jwt", "GET", { header: { typ: "at+jwt" } }],
    ["a service account", "GET", claims({ client_id: "web", preferred_username: "service-account-web" })],
    ["another client", "401 client-mismatch", claims({ azp: "mobile" })],
  ],
  "keycloak-roles": [
    ["a client role to write", "POST", claims({ resource_access: { [API]: { roles: ["write:orders"] } } })],
    [
      "a realm role that is named like a scope",
      "nothing",
      claims({ resource_access: undefined, realm_access: { roles: ["read:orders"] } }),
    ],
    ["roles that are no list", "nothing", claims({ realm_access: "staff", resource_access: [API] })],
    [
      "a client of almost the same name",
      "nothing",
      claims({ resource_access: { "https:~1~1api.example.com": { roles: ["read:orders"] } } }),
    ],
  ],
  google: [
    ["a registered client for another account", "nothing", claims({ sub: "100000000000000000001" })],
    ["a virtual machine", "GET, POST", claims({ google: { compute_engine: { project_id: "acme-jobs" } } })],
    ["the short form of the issuer", "401 issuer-unknown", claims({ iss: "accounts.google.com" })],
    ["an email without its account", "401 client-mismatch", claims({ azp: undefined, sub: undefined })],
  ],
  clerk: [
    ["a template that names the page as audience", "GET, POST", claims({ aud: ["https://app.example.com"] })],
    ["a role in a list", "GET, POST", claims({ o: { rol: ["admin"] } })],
    ["an empty list of audiences", "401 claim-missing", claims({ aud: [] })],
    ["an organization that is a string", "nothing", claims({ o: "admin" })],
  ],
  workos: [
    [
      "an audience that is the issuer",
      "GET",
      claims({ aud: "https://api.workos.com/user_management/client_01HXYZ2345ABCDEFGHJKMNPQRS" }),
    ],
    ["an audience that is the application", "GET", claims({ aud: "client_01HXYZ2345ABCDEFGHJKMNPQRS" })],
    [
      "another key set",
      "401 key-unknown",
      { header: { kid: "sso_oidc_key_pair_OTHER" }, claims: { iat: 1_799_999_000 } },
    ],
    ["the role of an administrator", "POST", claims({ role: "admin", permissions: ["write:orders"] })],
  ],
  zitadel: [
    ["a service account, with azp", "GET, POST", claims({ client_id: undefined, azp: "308571093567832065" })],
    ["an empty object of roles", "nothing", claims({ "urn:zitadel:iam:org:project:roles": {} })],
    ["another role", "nothing", claims({ "urn:zitadel:iam:org:project:roles": { Staff: { "3": "a" } } })],
    ["the project as the only audience", "GET, POST", claims({ aud: "308571093567766529" })],
  ],
};
