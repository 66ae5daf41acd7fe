import { join } from "node:path";
import { bundleWorker } from "../../../src/local/bundle.ts";
import { startWorkers } from "../../../src/local/miniflare.ts";
import { sendLines, type WireAnswer } from "../e2e/socket.ts";
import { type RawUpstream, startRawUpstream } from "../hostile/raw-upstream.ts";
import { ROOT, SHOP_POLICY } from "../project/project-files.ts";
import { answersWith, startScriptedIssuer } from "../scripted/scripted-issuer.ts";

const ENTRY = join(import.meta.dirname, "vector-gateway.ts");
/** All asymmetric algorithms, so that every token reaches the check of its signature. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

const VECTOR_ISSUER = "https://issuer.test/";
export const VECTOR_AUDIENCE = "https://api.test";

/** A gateway on workerd whose issuer publishes another key set for each case. */
export interface VectorWorld {
  readonly upstream: RawUpstream;
  /** Sends the token to a route that needs the scope `read`. The gateway uses the profile and only these keys. */
  present(name: string, profile: string, jwks: unknown, token: string): Promise<WireAnswer>;
  dispose(): Promise<void>;
}

export async function startVectorWorld(): Promise<VectorWorld> {
  const [issuer, upstream] = await Promise.all([startScriptedIssuer(), startRawUpstream()]);
  const policy = {
    issuers: {
      main: {
        issuer: VECTOR_ISSUER,
        jwksUri: issuer.jwksUri("{case}"),
        profile: "{profile}",
        algorithms: ALGORITHMS,
        audiences: [VECTOR_AUDIENCE],
      },
    },
    resourceServers: { [VECTOR_AUDIENCE]: { scopes: { read: "", write: "", admin: "" } } },
    upstreams: { echo: { url: upstream.origin } },
    routes: [{ path: "/read", methods: ["GET"], scopes: ["read"], upstream: "echo" }],
  };
  const script = await bundleWorker(ENTRY, { files: { [join(ROOT, SHOP_POLICY)]: JSON.stringify(policy) } });
  const flags = ["global_fetch_strictly_public"];
  const running = await startWorkers({
    workers: [{ name: "gateway", script, kv: ["JWKS"], compatibilityFlags: flags }],
  });
  return {
    upstream,
    async present(name, profile, jwks, token) {
      issuer.script(name, answersWith(200, JSON.stringify(jwks)));
      upstream.received.length = 0;
      return sendLines(running.urls["gateway"] ?? "", [
        `GET /read?case=${name}&profile=${profile} HTTP/1.1`,
        `Authorization: Bearer ${token}`,
      ]);
    },
    async dispose() {
      await Promise.all([running.dispose(), upstream.stop(), issuer.stop()]);
    },
  };
}
