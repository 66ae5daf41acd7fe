import {
  API,
  claims,
  type Difference,
  ENTRA,
  idToken,
  OPAQUE,
  OTHER_TENANT,
  OTHER_TENANTS_KEY,
} from "./differences.ts";

/** For each row of the guide's tables, the tokens that it means. */
export const ROW_TOKENS: Readonly<Record<string, Readonly<Record<string, readonly Difference[]>>>> = {
  cognito: {
    "the ID token of a user": [idToken("3n4b5urk1ft4fl3mg5e62d9ado", { token_use: "id", "cognito:username": "jane" })],
    "of another client of the pool": [claims({ client_id: "1example23456789" })],
    "of the pool's other issuer": [
      claims({ iss: "https://issuer-cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E" }),
    ],
    "of a user who signed in through the API (Amplify, `InitiateAuth`)": [
      claims({ scope: "aws.cognito.signin.user.admin", username: "jane" }),
    ],
  },
  "cognito-groups": {
    "the ID token of the same user": [idToken("5kq7l2v9b8c3m1n0p4r6t8w2xz", { token_use: "id" })],
    "of a user in no group": [claims({ "cognito:groups": undefined })],
    "of a user in `Staff`": [claims({ "cognito:groups": ["Staff"] })],
  },
  "cognito-resource": {
    "bound to another API": [claims({ aud: "https://other.example.com" }), claims({ aud: `${API}/` })],
    "not bound to any API": [claims({ aud: undefined })],
  },
  entra: {
    "of version 1, or for Microsoft Graph": [
      claims({ iss: "https://sts.windows.net/5d1ae7f3-1c5e-4a8e-9e53-0b6f2c1d7a90/", ver: "1.0" }),
      claims({
        iss: "https://sts.windows.net/5d1ae7f3-1c5e-4a8e-9e53-0b6f2c1d7a90/",
        aud: "00000003-0000-0000-c000-000000000000",
      }),
    ],
    "of another tenant": [claims({ iss: `${ENTRA}/${OTHER_TENANT}/v2.0`, tid: OTHER_TENANT })],
    "the ID token of an application that is the API itself, too": [
      claims({ azp: undefined, azpacr: undefined, scp: undefined, nonce: "n-0S6_WzA2Mj" }),
    ],
    "of any other application of the tenant, without a permission": [
      claims({ azp: OTHER_TENANT, azpacr: "1", scp: undefined }),
    ],
    "for another API": [claims({ aud: OTHER_TENANT })],
  },
  "entra-roles": {
    "of a daemon that was given no role": [claims({ roles: undefined })],
    "of a user who has the role, in an application that may only read": [claims({ scp: "read:orders" })],
    "the ID token of a user who has the role": [claims({ azp: undefined, azpacr: undefined })],
  },
  "entra-tenants": {
    "of a tenant that is not listed": [claims({ iss: `${ENTRA}/${OTHER_TENANT}/v2.0`, tid: OTHER_TENANT })],
    "whose `tid` is another listed tenant than `iss`": [claims({ tid: "5d1ae7f3-1c5e-4a8e-9e53-0b6f2c1d7a90" })],
    "signed with a key that the key set gives to another tenant": [{ header: { kid: OTHER_TENANTS_KEY } }],
    "whose `iss` says `common`": [claims({ iss: `${ENTRA}/common/v2.0` })],
  },
  okta: {
    "of the organization's own server (`https://dev-12345678.okta.com`)": [
      {
        header: { typ: "application/okta-internal-at+jwt" },
        claims: { iss: "https://dev-12345678.okta.com", aud: "https://dev-12345678.okta.com" },
      },
    ],
    "the ID token of the same user": [idToken("0oa1b2c3d4E5f6G7h8i9", { cid: undefined })],
    "of another authorization server of the organization": [
      claims({ iss: "https://dev-12345678.okta.com/oauth2/aus1b2c3d4E5f6G7h8i9" }),
    ],
    "with a group instead of scopes": [claims({ scp: ["openid"], groups: ["read:orders"] })],
  },
  auth0: {
    "of a login without `audience`": [OPAQUE, "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..Zm9v.YmFy.YmF6"],
    "the ID token of the same user": [idToken("K1AUPhZq8mRi0Q0pjhkfu1D7y6KjDQja", { azp: undefined })],
    "for another API": [claims({ aud: "https://other.example.com" })],
    "of an API that signs with HS256": [{ header: { alg: "HS256", kid: undefined } }],
    "of the tenant's custom domain": [claims({ iss: "https://login.example.com/" })],
  },
  "auth0-permissions": {
    "of an API without that setting": [claims({ permissions: undefined, scope: "openid read:orders" })],
    "of an application that asked for no scope": [claims({ scope: undefined })],
  },
  keycloak: {
    "of a client without an audience mapper": [claims({ aud: "account" })],
    "of a user without any client role": [claims({ aud: undefined })],
    "the ID token of the same user": [idToken("web", { typ: "ID" })],
    "the refresh token": [{ header: { alg: "HS512" }, claims: { typ: "Refresh" } }],
    "of another realm": [claims({ iss: "https://sso.example.com/realms/master" })],
  },
  "keycloak-roles": {
    "with the realm role `staff` only": [claims({ realm_access: { roles: ["staff"] }, resource_access: undefined })],
    "with a role of the same name, but of another client": [
      claims({ resource_access: { "https://other.example.com": { roles: ["read:orders"] } } }),
    ],
    "a lightweight access token": [claims({ realm_access: undefined, resource_access: undefined, scope: "openid" })],
  },
  google: {
    "of any other service account, with your audience": [
      claims({ azp: "100000000000000000001", sub: "100000000000000000001" }),
    ],
    "an access token (`ya29...`)": [OPAQUE],
    "for another audience": [claims({ aud: "https://other.example.com" })],
    "of a user who signed in to an application": [
      claims({ aud: "1-a.apps.googleusercontent.com", azp: "1-a.apps.googleusercontent.com", sub: "1076" }),
    ],
  },
  clerk: {
    "of another web page of the same instance": [claims({ azp: "https://admin.example.com" })],
    "without `azp`": [
      claims({ azp: undefined }),
      { header: { typ: "at+jwt" }, claims: { azp: undefined, client_id: "abc", scope: "read:orders", o: undefined } },
    ],
    "of a JWT template for another service, with `aud`": [claims({ aud: "supabase" }), claims({ aud: ["supabase"] })],
    "of a member with another role": [
      claims({ o: { id: "org_2abc", rol: "member", slg: "acme", per: "manage,read", fpm: "3,2" } }),
    ],
    "of a user without an active organization": [claims({ o: undefined }), claims({ o: undefined, sts: "pending" })],
    "of version 1": [claims({ o: undefined, v: undefined, org_id: "org_2abc", org_role: "org:admin" })],
  },
  workos: {
    "of an older environment": [claims({ iss: "https://api.workos.com" })],
    "of another application": [claims({ iss: "https://api.workos.com/user_management/client_01OTHER" })],
    "with an `aud` that a JWT template added for another API": [claims({ aud: "https://other.example.com" })],
    "of WorkOS Connect or an M2M application": [
      claims({ iss: "https://acme.authkit.app", aud: "client_01", client_id: "client_01", scope: "read:orders" }),
    ],
    "of a user without an organization": [
      claims({ org_id: undefined, role: undefined, roles: undefined, permissions: undefined }),
    ],
    "of an administrator who acts for the user": [claims({ act: { sub: "admin@acme.example" } })],
  },
  zitadel: {
    "of an application whose token type is not JWT": [OPAQUE, "V2_308599999999999999-at_308599999999999998"],
    "of an application of another project, which has a role `staff` of its own": [
      claims({
        aud: ["408571093567832065", "408571093567766529", "308571093567766529"],
        client_id: "408571093567832065",
        "urn:zitadel:iam:org:project:308571093567766529:roles": undefined,
      }),
    ],
    "without the project in `aud`": [claims({ aud: ["308571093567832065"] })],
    "without roles": [
      claims({
        "urn:zitadel:iam:org:project:308571093567766529:roles": undefined,
        "urn:zitadel:iam:org:project:roles": undefined,
      }),
    ],
    "the ID token of the same user, with the roles inside": [
      claims({ jti: undefined, azp: "308571093567832065", amr: ["pwd", "mfa"], nonce: "n-0S6_WzA2Mj" }),
    ],
  },
};
