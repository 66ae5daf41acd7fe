import type { PeerContext } from "./peer-context.ts";

/** HAProxy with its JWT converters, on one thread. It checks what the gateway checks, except the `kid`. */
export function haproxyConfig({ port, upstreamHost, issuer, publicKeyFile }: PeerContext): string {
  const deny = (unless: string): string => `  http-request deny deny_status 401 unless { ${unless} }`;
  const claims = { subject: "sub", "client-id": "client_id", scopes: "scope", issuer: "iss", "token-id": "jti" };
  return `global
  nbthread 1
defaults
  mode http
  timeout client 30s
  timeout connect 5s
  timeout server 30s
  http-reuse always
frontend gateway
  bind 127.0.0.1:${port}
  http-request set-var(txn.token) http_auth_bearer
  http-request set-var(txn.exp) var(txn.token),jwt_payload_query('$.exp','int')
  http-request set-var(txn.now) date()
${deny("var(txn.token),jwt_header_query('$.alg') -m str RS256")}
${deny(`var(txn.token),jwt_verify("RS256","${publicKeyFile}") 1`)}
${deny(`var(txn.token),jwt_payload_query('$.iss') -m str ${issuer}`)}
${deny("var(txn.exp),sub(txn.now) -m int gt 0")}
${deny("var(txn.token),jwt_payload_query('$.token_use') -m str access")}
  http-request deny deny_status 403 unless { var(txn.token),jwt_payload_query('$.scope') -m sub read:products }
${Object.entries(claims)
  .map(([name, claim]) => `  http-request set-header x-auth-${name} %[var(txn.token),jwt_payload_query('$.${claim}')]`)
  .join("\n")}
  http-request del-header authorization
  default_backend upstream
backend upstream
  server upstream ${upstreamHost}
`;
}
