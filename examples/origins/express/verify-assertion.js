// Express 5 (or 4) and jose 6: app.use(verifyAssertion({ issuer, trustDomain, jwksUrl })), before all routes.
import { createHash } from "node:crypto";
import { createRemoteJWKSet, jwtVerify } from "jose";

export function verifyAssertion({ issuer, trustDomain, jwksUrl }) {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { cacheMaxAge: 300_000 });
  const rules = { typ: "txntoken+jwt", algorithms: ["ES256"], issuer, audience: trustDomain };
  const times = { requiredClaims: ["sub", "exp"], maxTokenAge: 300, clockTolerance: 5 };
  return async (req, res, next) => {
    try {
      // Node joins repeated headers, and two assertions are none.
      const { payload } = await jwtVerify(req.get("txn-token") ?? "", keys, { ...rules, ...times });
      assertFor(req.method, req.originalUrl, payload.rctx);
      req.assertion = payload;
    } catch {
      return res.status(401).json({ title: "Unauthorized", detail: "No valid assertion of the gateway." });
    }
    next();
  };
}

// The target as it arrived: a decoded path, or a parsed query, could be another request's.
function assertFor(method, target, { method: forMethod, path, query_sha256: querySha256 }) {
  const [, sentPath, query = ""] = /^([^?]*)\??(.*)$/.exec(target);
  const sha256 = createHash("sha256").update(query).digest("base64url");
  if (method !== forMethod || sentPath !== path || sha256 !== querySha256) throw new Error("for another request");
}
