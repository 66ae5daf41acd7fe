/** The gateway's code and policy file, loaded but not started: what is left of the start when nothing is compiled. */
import routes from "../../../routes.json" with { type: "json" };
import { createApp } from "../../../src/app.ts";

export default {
  fetch: () => Response.json([typeof createApp, routes.routes.length]),
} satisfies ExportedHandler;
