/**
 * Many gateways in one Worker, for cases that share an issuer's identifier but not its keys: `?case=` and
 * `?profile=` of a request choose a gateway, which is made on first use. `vector-world.ts` bundles it with
 * another policy in place of the shop's. Everything else is the gateway's own code.
 */
import { env } from "cloudflare:workers";
import routes from "../../../examples/shop/routes.json" with { type: "json" };
import { type App, createApp } from "../../../src/app.ts";
import type { Env } from "../../../src/env.ts";
import features from "../../../src/features/all.ts";
import { buildPolicy } from "../../../src/policy/compiled/build-policy.ts";

const bindings = env as unknown as Env;
const template = JSON.stringify(routes);
const apps = new Map<string, App>();

async function appOf(name: string, profile: string): Promise<App> {
  const key = `${name} ${profile}`;
  const file: unknown = JSON.parse(template.replaceAll("{case}", name).replaceAll("{profile}", profile));
  const app = apps.get(key) ?? createApp(await buildPolicy(file, bindings), bindings, features);
  apps.set(key, app);
  return app;
}

export default {
  async fetch(request, _environment, ctx) {
    const { searchParams } = new URL(request.url);
    const app = await appOf(searchParams.get("case") ?? "", searchParams.get("profile") ?? "");
    return app.fetch(request, ctx);
  },
} satisfies ExportedHandler<Env>;
