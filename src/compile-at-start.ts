/**
 * Compiles the policy when the Worker starts, for whatever builds it without wrangler. `wrangler.toml` puts what
 * `npm run build:policy` wrote in the place of this module, so that a deployed Worker holds no compiler.
 */
import { env } from "cloudflare:workers";
import routes from "../routes.json" with { type: "json" };
import { compileForWorker } from "./policy/compiled/serialize-policy.ts";

export default compileForWorker(routes, env as unknown as Readonly<Record<string, unknown>>);
