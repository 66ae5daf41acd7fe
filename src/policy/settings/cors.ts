import type { AllowedOrigins } from "../../http/allowed-origins.ts";

/** Which other origins may call the API from a browser (Fetch standard, CORS protocol). */
export interface CorsPolicy {
  /** `"*"`: every origin. */
  readonly origins: "*" | AllowedOrigins;
  readonly maxAgeSeconds: number;
  readonly exposedHeaders: readonly string[];
  readonly credentials: boolean;
}
