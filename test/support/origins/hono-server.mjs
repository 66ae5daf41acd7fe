import { once } from "node:events";
import { createServer } from "node:http";
import { Hono } from "hono";
import { verifyAssertion } from "../../../examples/origins/hono/verify-assertion.ts";

const app = new Hono();
app.use(verifyAssertion(JSON.parse(process.env.ORIGIN_SETTINGS)));
app.all("*", (c) => c.json({ subject: c.var.assertion.sub }));

const server = createServer(async (request, response) => {
  // Node repeats a header by joining it, as Hono's adapter does.
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const answer = await app.fetch(
    new Request(`http://${request.headers.host}${request.url}`, { method: request.method, headers }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
console.log(`http://127.0.0.1:${server.address().port}`);
