import { API } from "../support/policy/example-policy.ts";

/** Time limit of the upstream that stalls. The other upstream has more time than a scenario may take. */
export const HASTY_TIMEOUT_MS = 1_000;
const PATIENT_TIMEOUT_MS = 120_000;

export const READ = `${API}/read:orders`;
export const WRITE = `${API}/write:orders`;
/** Implies 500 scopes that no route needs, so that remembered tokens would fill the memory if each had its own. */
export const WIDE = `${API}/wide`;
const NARROW = Array.from({ length: 500 }, (_, index) => `narrow:${index}`);

/**
 * The `routes.json` of the soak.
 *
 * @param issuer value of `iss`
 * @param upstream its origin
 * @param realm differs between the policies of a run, and is part of every challenge
 */
export function soakPolicy(issuer: string, upstream: string, realm: string) {
  return {
    realm,
    issuers: { main: { issuer, profile: "cognito", algorithms: ["ES256"] } },
    resourceServers: {
      [API]: {
        scopes: {
          "read:orders": "",
          "write:orders": "",
          "close:orders": "",
          wide: { description: "", implies: NARROW },
          ...Object.fromEntries(NARROW.map((name) => [name, ""])),
        },
      },
    },
    upstreams: {
      patient: { url: upstream, timeoutMs: PATIENT_TIMEOUT_MS },
      hasty: { url: upstream, timeoutMs: HASTY_TIMEOUT_MS },
    },
    routes: [
      { path: "/orders/:nonce", methods: ["GET"], scopes: ["read:orders"], upstream: "patient" },
      { path: "/orders/:nonce", methods: ["POST"], scopes: ["write:orders"], upstream: "patient" },
      // No token has this scope: the gateway verifies the token and refuses the request.
      { path: "/closed/:nonce", methods: ["POST"], scopes: ["close:orders"], upstream: "patient" },
      { path: "/hasty/:nonce", methods: ["GET"], authenticated: true, upstream: "hasty" },
      { path: "/public/:nonce", methods: ["GET"], public: true, upstream: "patient" },
    ],
  };
}
