import { expect } from "vitest";
import { statusAndReason } from "../e2e/call.ts";
import { fullName, gatewayPolicy } from "../e2e/gateway-policy.ts";
import { sendLines, type WireAnswer } from "../e2e/socket.ts";
import { startGateway } from "../e2e/test-gateway.ts";
import { startServer } from "../e2e/test-server.ts";
import { API } from "../policy/example-policy.ts";
import { publishes, type ScriptedIssuer, startScriptedIssuer } from "../scripted/scripted-issuer.ts";
import { createForger, type Forger } from "../token/forger.ts";
import { type RawUpstream, startRawUpstream } from "./raw-upstream.ts";
import type { ClaimFields } from "./upstream-audit.ts";

/** Long enough for a slow machine. Tests with a clock of their own check the exact second. */
export const TOLERANCE_SECONDS = 60;

/** A token that must be refused, with the status and the reason. */
export interface HostileToken {
  readonly name: string;
  readonly forge: () => string | Promise<string>;
  readonly expected: string;
}

/** A built gateway with three issuers, a forger of their tokens, and an upstream that records bytes. */
export interface TokenWorld {
  readonly forger: Forger;
  readonly issuer: ScriptedIssuer;
  readonly upstream: RawUpstream;
  /** The server that `jku` and `x5u` point to. It must get no request. */
  readonly bait: { readonly origin: string; requests: number };
  /** Sends the token to the one route there is. */
  present(token: string): Promise<WireAnswer>;
  /** The claim headers that the upstream gets with a good token. */
  usualClaims(changes?: ClaimFields): ClaimFields;
  /** Sends the token twice: a cache must not turn a refusal into anything else. No request may reach the upstream. */
  expectRefused(token: HostileToken): Promise<void>;
  dispose(): Promise<void>;
}

export async function startTokenWorld(): Promise<TokenWorld> {
  const [issuer, upstream] = await Promise.all([startScriptedIssuer(), startRawUpstream()]);
  const forger = await createForger((name) => issuer.url(name));
  const server = await startServer((_request, response) => {
    bait.requests += 1;
    response.end(JSON.stringify({ keys: [forger.keys.attacker.publicJwk] }));
  });
  const bait = { origin: server.origin, requests: 0 };
  const { main, mainRsa, mainShared, other, otherShared, pool } = forger.keys;
  issuer.script("main", publishes(main.publicJwk, mainRsa.publicJwk, mainShared.publicJwk));
  issuer.script("other", publishes(other.publicJwk, otherShared.publicJwk));
  issuer.script("pool", publishes(pool.publicJwk));
  const issuerOf = (name: string, profile: string, audiences: readonly string[] | undefined) => ({
    issuer: issuer.url(name),
    jwksUri: issuer.jwksUri(name),
    profile,
    audiences,
    algorithms: ["ES256", "RS256", "EdDSA"],
    clockToleranceSeconds: TOLERANCE_SECONDS,
  });
  const issuers = {
    main: issuerOf("main", "rfc9068", [API]),
    other: issuerOf("other", "generic", ["https://other.example"]),
    pool: issuerOf("pool", "cognito", undefined),
  };
  const routes = [{ path: "/products", methods: ["GET"], scopes: ["read:products"], upstream: "echo" }];
  const gateway = await startGateway({ policy: gatewayPolicy({ url: "" }, upstream, { issuers, routes }) });
  const present = (token: string): Promise<WireAnswer> =>
    sendLines(gateway.origin, ["GET /products HTTP/1.1", `Authorization: Bearer ${token}`]);
  return {
    forger,
    issuer,
    upstream,
    bait,
    present,
    usualClaims: (changes = {}) => ({
      "x-auth-subject": "user-1",
      "x-auth-client-id": "app",
      "x-auth-scopes": fullName("read:products"),
      "x-auth-issuer": issuer.url("main"),
      "x-auth-token-id": "token-1",
      ...changes,
    }),
    async expectRefused({ forge, expected }) {
      const token = await forge();
      for (let time = 0; time < 2; time++) {
        const answer = await present(token);
        expect(statusAndReason(answer)).toBe(expected);
        if (answer.status === 401)
          expect(answer.headers.get("www-authenticate")?.join()).toContain('error="invalid_token"');
        for (const text of token.split(".")) if (text.length > 20) expect(answer.body).not.toContain(text);
      }
      expect(upstream.received).toEqual([]);
    },
    async dispose() {
      await Promise.all([gateway.dispose(), upstream.stop(), issuer.stop(), server.stop()]);
    },
  };
}
