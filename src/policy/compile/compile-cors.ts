import { allowedOrigins } from "../../http/allowed-origins.ts";
import { isHeaderName } from "../../http/header-names.ts";
import { DEFAULT_CORS_MAX_AGE_SECONDS } from "../../limits.ts";
import type { Fault, Report } from "../fault.ts";
import type { CorsPolicy } from "../policy.ts";
import { checkOrigin } from "./addresses/check-origin.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

type CorsConfig = NonNullable<Salvaged<PolicyConfig>["cors"]>;

/**
 * Compiles `cors`. Origins are compared with the `Origin` header exactly, so they must be written as browsers send it.
 * A `*` is allowed alone, and as the first label of an http or https host, where it stands for exactly one label. At
 * least two labels must follow. Whether anybody may register names there, as below `pages.dev`, is not checked.
 */
export function compileCors(config: CorsConfig, report: Report): CorsPolicy | undefined {
  const origins = compileOrigins(config.origins, ["cors", "origins"], report);
  if (origins === "*" && config.credentials === true) {
    report(
      ["cors", "credentials"],
      'Credentials cannot be allowed together with the origin "*".',
      "List the origins: browsers refuse the combination.",
    );
  }
  for (const [index, name] of (config.exposedHeaders ?? []).entries()) {
    if (name !== undefined && !isHeaderName(name)) {
      report(["cors", "exposedHeaders", index], "This is not a header name.", "Use letters, digits and hyphens.");
    }
  }
  return (
    origins && {
      origins,
      maxAgeSeconds: config.maxAgeSeconds ?? DEFAULT_CORS_MAX_AGE_SECONDS,
      exposedHeaders: (config.exposedHeaders ?? []).filter((name) => name !== undefined),
      credentials: config.credentials ?? false,
    }
  );
}

function compileOrigins(
  config: CorsConfig["origins"],
  path: Fault["path"],
  report: Report,
): CorsPolicy["origins"] | undefined {
  if (config === undefined) return undefined;
  if (config === "*" || (config.length === 1 && config[0] === "*")) return "*";
  for (const [index, text] of config.entries()) {
    const found = text === undefined ? undefined : checkOrigin(text);
    if (found) report([...path, index], found.message, found.hint);
  }
  return allowedOrigins(config.filter((text) => text !== undefined));
}
