import { jsonResponse } from "./json-response.ts";

export const HEALTH_PATH = "/_gateway/health";

/** The Worker runs. Says nothing of the policy or of keys; see `ready.ts`. */
export function health(): Response {
  return jsonResponse({ status: "ok" });
}
