import { env } from "cloudflare:workers";
import policy from "#policy";
import { createApp } from "./app.ts";
import type { Env } from "./env.ts";

/** Made when the isolate starts: a request finds it ready. */
const app = createApp(policy, env as unknown as Env);

export default {
  fetch: (request, environment, ctx) => app.fetch(request, environment, ctx),
  scheduled: (_controller, _environment, ctx) => app.scheduled(ctx),
} satisfies ExportedHandler<Env>;
