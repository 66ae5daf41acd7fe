import type { PeerContext } from "./peer-context.ts";

const MODULES = [
  "mpm_event",
  "authn_core",
  "authz_core",
  "authz_user",
  "auth_openidc",
  "headers",
  "proxy",
  "proxy_http",
];

/** Apache with mod_auth_openidc as an OAuth 2 resource server. The key is configured: it fetches no keys over http. */
export function apacheConfig({ port, upstreamHost, keyId, publicKeyFile, directory }: PeerContext): string {
  return `${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
ServerRoot ${directory}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${directory}/apache.pid
ErrorLog ${directory}/apache.log
User www-data
Group www-data
StartServers 1
ServerLimit 1
ThreadsPerChild 64
MaxRequestWorkers 64
KeepAlive On
MaxKeepAliveRequests 0
OIDCOAuthVerifyCertFiles ${keyId}#${publicKeyFile}
OIDCOAuthRemoteUserClaim sub
OIDCClaimPrefix x-auth-
<Location />
  AuthType oauth20
  Require claim "scope~.*read:products.*"
  RequestHeader unset authorization
  ProxyPass http://${upstreamHost}/ keepalive=On
</Location>
`;
}
