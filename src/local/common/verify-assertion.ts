// Hono 4 and jose 6, on any runtime: app.use(verifyAssertion({ issuer, trustDomain, jwksUrl })), before all routes.
import { createMiddleware } from "hono/factory";
import { base64url, createRemoteJWKSet, jwtVerify } from "jose";

type Settings = Readonly<Record<"issuer" | "trustDomain" | "jwksUrl", string>>;

export function verifyAssertion({ issuer, trustDomain, jwksUrl }: Settings) {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { cacheMaxAge: 300_000 });
  const rules = { typ: "txntoken+jwt", algorithms: ["ES256"], issuer, audience: trustDomain };
  const times = { requiredClaims: ["sub", "exp"], maxTokenAge: 300, clockTolerance: 5 };
  return createMiddleware(async (c, next) => {
    try {
      const { payload } = await jwtVerify(c.req.header("txn-token") ?? "", keys, { ...rules, ...times });
      await assertFor(c.req.method, c.req.url, Object(payload["rctx"]));
      c.set("assertion", payload);
    } catch {
      return c.json({ title: "Unauthorized", detail: "No valid assertion of the gateway." }, 401);
    }
    return await next();
  });
}

// The target as it arrived: a decoded path, or a parsed query, could be another request's.
async function assertFor(method: string, url: string, rctx: Readonly<Record<string, unknown>>): Promise<void> {
  const [, path, query = ""] = /^\w+:\/\/[^/?#]+([^?]*)\??(.*)$/.exec(url) ?? [];
  const hash = base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(query))));
  const isFor = method === rctx["method"] && path === rctx["path"] && hash === rctx["query_sha256"];
  if (!isFor) throw new Error("for another request");
}
