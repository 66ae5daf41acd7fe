/**
 * The gateway as a Worker whose clock and KV a test scripts over HTTP; all else is the gateway's own code. Bundled by
 * `scripted-world.ts`, with another policy in place of the shop's.
 */
import { env } from "cloudflare:workers";
import routes from "../../../examples/shop/routes.json" with { type: "json" };
import { type App, createApp } from "../../../src/app.ts";
import type { Env } from "../../../src/env.ts";
import features from "../../../src/features/all.ts";
import { buildPolicy } from "../../../src/policy/compiled/build-policy.ts";
import { SCRIPT_PATH, type Script } from "./scripted-control.ts";
import { ScriptedKv } from "./scripted-kv.ts";

const realNow = Date.now;
let stoppedAt: number | undefined;
Date.now = () => stoppedAt ?? realNow();

const bindings = env as unknown as Env & { readonly JWKS: KVNamespace };
const kv = new ScriptedKv(bindings.JWKS);
const scriptedEnv: Env = { ...bindings, JWKS: kv };
/** Made at the first request, after the clock is set. */
let app: Promise<App> | undefined;

function current(): Promise<App> {
  app ??= buildPolicy(routes, scriptedEnv).then((policy) => createApp(policy, scriptedEnv, features));
  return app;
}

async function change(script: Script): Promise<void> {
  stoppedAt = script.now ?? stoppedAt;
  kv.script = script.kv ?? kv.script;
  if (script.forget) app = undefined;
  for (const [name, value] of Object.entries(script.store ?? {})) await kv.store(name, value);
}

export default {
  async fetch(request, _environment, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== SCRIPT_PATH) return (await current()).fetch(request, ctx);
    if (request.method === "POST") await change(await request.json<Script>());
    const { reads, writes, ttlSeconds } = kv;
    const stored = await kv.stored(searchParams.get("prefix") ?? "none");
    return Response.json({ stored, reads, writes, ttlSeconds });
  },
  scheduled: async (_controller, _environment, ctx) => (await current()).scheduled(ctx),
} satisfies ExportedHandler<Env>;
