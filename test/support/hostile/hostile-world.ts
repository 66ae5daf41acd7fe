import { buffer } from "node:stream/consumers";
import { fullName, gatewayPolicy } from "../e2e/gateway-policy.ts";
import { openSocket, parseAnswer, type WireAnswer } from "../e2e/socket.ts";
import { startGateway } from "../e2e/test-gateway.ts";
import { startIssuer } from "../e2e/test-issuer.ts";
import { within } from "../e2e/wait.ts";
import { type RawUpstream, startRawUpstream } from "./raw-upstream.ts";
import type { ClaimFields } from "./upstream-audit.ts";

/** A caller without a token, one that may read, and an administrator. */
export type Caller = "nobody" | "reader" | "admin";

export interface HostileWorld {
  readonly upstream: RawUpstream;
  readonly tokens: Readonly<Record<Caller, string>>;
  /** The claim headers that the upstream must get for each caller. */
  readonly claims: Readonly<Record<Caller, ClaimFields>>;
  /** `host:port` of the gateway. */
  readonly host: string;
  /** A token with these claims on top of the usual ones. */
  token(claims: Readonly<Record<string, unknown>>): Promise<string>;
  /** Sends bytes (latin-1) on a new connection and reads until it closes. `undefined`: it closed without an answer. */
  send(bytes: string): Promise<WireAnswer | undefined>;
  dispose(): Promise<void>;
}

const READ = fullName("read:products");
const ADMIN = fullName("write:products");

/** The routes of the hostile tests. `path-invariant.ts` states the same rules independently. */
const ROUTES = [
  { path: "/anon/*", methods: ["*"], public: true, upstream: "echo" },
  { path: "/public/*", methods: ["*"], scopes: [READ], upstream: "echo" },
  { path: "/admin/*", methods: ["*"], scopes: [ADMIN], upstream: "echo" },
  { path: "/nested/*", methods: ["*"], scopes: [READ], upstream: "echo" },
  { path: "/nested/admin/*", methods: ["*"], scopes: [ADMIN], upstream: "echo" },
  { path: "/files/:id", methods: ["*"], scopes: [READ], upstream: "echo" },
  { path: "/slash", methods: ["*"], scopes: [READ], upstream: "echo" },
  { path: "/slash/", methods: ["*"], scopes: [ADMIN], upstream: "echo" },
  { path: "/slash/:id", methods: ["*"], scopes: [READ], upstream: "echo" },
  { path: "/slash/:id/", methods: ["*"], scopes: [ADMIN], upstream: "echo" },
  { path: "/files/secret", methods: ["*"], scopes: [ADMIN], upstream: "echo" },
  { path: "/packages/:name", methods: ["*"], scopes: [READ], upstream: "slashes" },
  { path: "/packages/:name/:version", methods: ["*"], scopes: [READ], upstream: "slashes" },
  { path: "/packages/secret", methods: ["*"], scopes: [ADMIN], upstream: "slashes" },
  { path: "/trees/*", methods: ["*"], scopes: [READ], upstream: "slashes" },
  { path: "/trees/secret", methods: ["*"], scopes: [ADMIN], upstream: "echo" },
  { path: "/cut", methods: ["*"], scopes: [READ], upstream: "stripped" },
  { path: "/cut/*", methods: ["*"], scopes: [READ], upstream: "stripped" },
  { path: "/cut/admin/*", methods: ["*"], scopes: [ADMIN], upstream: "stripped" },
  { path: "/items/:id", methods: ["*"], scopes: [READ], upstream: "built", upstreamPath: "/items/:id/view" },
  { path: "/items/:id/delete", methods: ["*"], scopes: [ADMIN], upstream: "built", upstreamPath: "/items/:id/delete" },
  { path: "/twice/:a/:b", methods: ["*"], scopes: [READ], upstream: "built", upstreamPath: "/items/:b/:b/:a" },
  { path: "/store/*", methods: ["*"], scopes: [READ], upstream: "built", upstreamPath: "/store/*" },
  { path: "/store/locked/*", methods: ["*"], scopes: [ADMIN], upstream: "built", upstreamPath: "/store/locked/*" },
];

/** A built gateway, an upstream that records bytes, and callers on bare sockets. */
export async function startHostileWorld(): Promise<HostileWorld> {
  const [issuer, upstream] = await Promise.all([startIssuer(), startRawUpstream()]);
  const upstreams = {
    echo: { url: upstream.origin },
    slashes: { url: upstream.origin, allowEncodedSlash: true },
    stripped: { url: `${upstream.origin}/stripped`, stripPrefix: "/cut" },
    built: { url: `${upstream.origin}/built`, allowEncodedSlash: true },
  };
  const gateway = await startGateway({ policy: gatewayPolicy(issuer, upstream, { upstreams, routes: ROUTES }) });
  const claimsOf = (scope: string): ClaimFields => ({
    "x-auth-subject": "user-1",
    "x-auth-client-id": "app",
    "x-auth-scopes": scope,
    "x-auth-issuer": issuer.url,
    "x-auth-token-id": "token-1",
  });
  return {
    upstream,
    tokens: {
      nobody: "",
      reader: await issuer.token({ scope: READ }),
      admin: await issuer.token({ scope: ADMIN }),
    },
    claims: { nobody: {}, reader: claimsOf(READ), admin: claimsOf(ADMIN) },
    host: new URL(gateway.origin).host,
    token: (claims) => issuer.token(claims),
    async send(bytes) {
      const socket = await openSocket(gateway.origin);
      socket.end(Buffer.from(bytes, "latin1"));
      const answer = await within("the end of a connection", buffer(socket));
      return answer.length === 0 ? undefined : parseAnswer(answer.toString("latin1"));
    },
    async dispose() {
      await Promise.all([gateway.dispose(), upstream.stop(), issuer.stop()]);
    },
  };
}
