/** The gateway's code and policy, loaded but not started: what is left of the start when nothing is made of them. */
import policy from "#policy";
import { createApp } from "../../../src/app.ts";

export default {
  fetch: () => Response.json([typeof createApp, Object.keys(policy)]),
} satisfies ExportedHandler;
