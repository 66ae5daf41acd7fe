import { env } from "cloudflare:workers";
import routes from "../routes.json" with { type: "json" };
import { createApp } from "./app.ts";
import type { Env } from "./env.ts";

/** Compiled when the isolate starts: a request finds it ready. */
const app = createApp(routes, env as unknown as Env);

export default {
  fetch: (request, environment, ctx) => app.fetch(request, environment, ctx),
  scheduled: (_controller, _environment, ctx) => app.scheduled(ctx),
} satisfies ExportedHandler<Env>;
