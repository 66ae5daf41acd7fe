import { fastify } from "fastify";
import { verifyAssertion } from "../../../examples/origins/fastify/verify-assertion.js";

const app = fastify();
verifyAssertion(app, JSON.parse(process.env.ORIGIN_SETTINGS));
app.all("/*", async (request) => ({ subject: request.assertion.sub }));
console.log(await app.listen({ port: 0, host: "127.0.0.1" }));
