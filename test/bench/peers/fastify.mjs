/**
 * Fastify with its JWT plugin, whose cache of verified tokens is on, and its proxy. Environment: PORT, UPSTREAM,
 * ISSUER, PUBLIC_KEY.
 */
import httpProxy from "@fastify/http-proxy";
import jwt from "@fastify/jwt";
import fastify from "fastify";
import { claimHeaders, REQUIRED_SCOPE } from "./claim-headers.mjs";

const { PORT, UPSTREAM, ISSUER, PUBLIC_KEY } = process.env;

const app = fastify();
await app.register(jwt, {
  secret: { public: PUBLIC_KEY },
  verify: { algorithms: ["RS256"], allowedIss: ISSUER, cache: true },
});
await app.register(httpProxy, {
  upstream: UPSTREAM,
  preHandler: async (request, reply) => {
    await request.jwtVerify();
    if (!request.user.scope.split(" ").includes(REQUIRED_SCOPE)) return reply.code(403).send();
  },
  replyOptions: {
    rewriteRequestHeaders: (request, { authorization: _, ...headers }) => ({
      ...headers,
      ...claimHeaders(request.user),
    }),
  },
});
await app.listen({ port: Number(PORT), host: "127.0.0.1" });
