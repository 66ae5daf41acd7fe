/** Express with Auth0's bearer middleware and a proxy. Environment: PORT, UPSTREAM, ISSUER. */
import { Agent } from "node:http";
import express from "express";
import { auth, requiredScopes } from "express-oauth2-jwt-bearer";
import { createProxyMiddleware } from "http-proxy-middleware";
import { claimHeaders, REQUIRED_SCOPE } from "./claim-headers.mjs";

const { PORT, UPSTREAM, ISSUER } = process.env;

const proxy = createProxyMiddleware({
  target: UPSTREAM,
  agent: new Agent({ keepAlive: true }),
  on: {
    proxyReq: (proxyRequest, request) => {
      proxyRequest.removeHeader("authorization");
      for (const [name, value] of Object.entries(claimHeaders(request.auth.payload)))
        proxyRequest.setHeader(name, value);
    },
  },
});

express()
  .use(
    auth({
      issuer: ISSUER,
      jwksUri: `${ISSUER}/.well-known/jwks.json`,
      audience: "https://api.myecommerce.com",
      tokenSigningAlg: "RS256",
    }),
    requiredScopes(REQUIRED_SCOPE),
    proxy,
  )
  // Without it every refusal is printed with its stack.
  .use((error, _request, response, _next) =>
    response
      .status(error.status ?? 500)
      .set(error.headers)
      .end(),
  )
  .listen(Number(PORT), "127.0.0.1");
