/** Loads the gateway's code and policy without starting it: the part of a start that loading takes. */
import policy from "#policy";
import { createApp } from "../../../src/app.ts";

export default {
  fetch: () => Response.json([typeof createApp, Object.keys(policy)]),
} satisfies ExportedHandler;
