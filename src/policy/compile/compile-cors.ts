import { isHeaderName } from "../../http/header-names.ts";
import { DEFAULT_CORS_MAX_AGE_SECONDS } from "../../limits.ts";
import type { Fault, Report } from "../fault.ts";
import type { CorsPolicy } from "../policy.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

type CorsConfig = NonNullable<Salvaged<PolicyConfig>["cors"]>;

/** Compiles `cors`. Origins are compared with the `Origin` header exactly, so they must be written as browsers send it. */
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
  const origins = new Set<string>();
  for (const [index, text] of config.entries()) {
    if (text === undefined) continue;
    if (text === "*")
      report(
        [...path, index],
        "`*` is not the only item of its list.",
        "Remove the others: it stands for every origin.",
      );
    else if (!isOrigin(text)) {
      report([...path, index], "This is not an origin as browsers send it.", "For example: https://shop.example.");
    }
    origins.add(text);
  }
  return origins;
}

/**
 * Whether a text is a serialized origin (RFC 6454 6.2), which has no path, not even `/`. Schemes other than http and
 * https are those of apps. `null` is refused, because pages of many origins send it.
 */
function isOrigin(text: string): boolean {
  if (/^https?:/i.test(text)) return URL.parse(text)?.origin === text;
  return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(?::\d{1,5})?$/.test(text);
}
