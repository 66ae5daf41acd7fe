import { env } from "cloudflare:workers";
import features from "#features";
import policy from "#policy";
import { createApp } from "./app.ts";
import type { Env } from "./env.ts";

/** The classes of Durable Objects, of the features that the Worker has. */
export * from "#features";

/** Made when the isolate starts, so that no request waits for it. */
const app = createApp(policy, env as unknown as Env, features);

export default {
  fetch: (request, _environment, ctx) => app.fetch(request, ctx),
  scheduled: (_controller, _environment, ctx) => app.scheduled(ctx),
} satisfies ExportedHandler<Env>;
