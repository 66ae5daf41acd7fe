/**
 * Compiles the policy when the Worker starts. Used only where wrangler's alias does not replace this module, as in the
 * tests: `wrangler.toml` replaces it by what `npm run build:policy` wrote, so a deployed Worker contains no compiler.
 */
import { env } from "cloudflare:workers";
import routes from "../routes.json" with { type: "json" };
import { buildPolicy } from "./policy/compiled/build-policy.ts";

export default await buildPolicy(routes, env as unknown as Readonly<Record<string, unknown>>);
