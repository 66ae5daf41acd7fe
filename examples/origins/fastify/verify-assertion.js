// Fastify 5 and jose 6: verifyAssertion(app, { issuer, trustDomain, jwksUrl }), before all routes and plugins.
import { createHash } from "node:crypto";
import { createRemoteJWKSet, jwtVerify } from "jose";

export function verifyAssertion(app, { issuer, trustDomain, jwksUrl }) {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { cacheMaxAge: 300_000 });
  const rules = { typ: "txntoken+jwt", algorithms: ["ES256"], issuer, audience: trustDomain };
  const times = { requiredClaims: ["sub", "exp"], maxTokenAge: 300, clockTolerance: 5 };
  app.decorateRequest("assertion", null);
  app.addHook("onRequest", async (request, reply) => {
    try {
      // Node joins repeated headers, and two assertions are none.
      const { payload } = await jwtVerify(request.headers["txn-token"] ?? "", keys, { ...rules, ...times });
      assertFor(request.method, request.originalUrl, payload.rctx);
      request.assertion = payload;
    } catch {
      return reply.code(401).send({ title: "Unauthorized", detail: "No valid assertion of the gateway." });
    }
  });
}

// The target as it arrived: a decoded path, or a parsed query, could be another request's.
function assertFor(method, target, { method: forMethod, path, query_sha256: querySha256 }) {
  const [, sentPath, query = ""] = /^([^?]*)\??(.*)$/.exec(target);
  const sha256 = createHash("sha256").update(query).digest("base64url");
  if (method !== forMethod || sentPath !== path || sha256 !== querySha256) throw new Error("for another request");
}
