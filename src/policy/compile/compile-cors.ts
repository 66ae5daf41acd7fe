import { isHeaderName } from "../../http/header-names.ts";
import { DEFAULT_CORS_MAX_AGE_SECONDS } from "../../limits.ts";
import type { Fault, Report } from "../fault.ts";
import type { CorsPolicy } from "../policy.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

type CorsConfig = NonNullable<Salvaged<PolicyConfig>["cors"]>;

/** Compiles `cors`. Origins are compared as browsers send them, so they must be written like that. */
export function compileCors(file: CorsConfig, report: Report): CorsPolicy | undefined {
  const origins = compileOrigins(file.origins, ["cors", "origins"], report);
  if (origins === "*" && file.credentials === true) {
    report(
      ["cors", "credentials"],
      'Credentials are allowed to the origin "*".',
      "List the origins: no browser takes both.",
    );
  }
  for (const [index, name] of (file.exposedHeaders ?? []).entries()) {
    if (name !== undefined && !isHeaderName(name)) {
      report(
        ["cors", "exposedHeaders", index],
        "This is not the name of a header.",
        "Use letters, digits and hyphens.",
      );
    }
  }
  return (
    origins && {
      origins,
      maxAgeSeconds: file.maxAgeSeconds ?? DEFAULT_CORS_MAX_AGE_SECONDS,
      exposedHeaders: (file.exposedHeaders ?? []).filter((name) => name !== undefined),
      credentials: file.credentials ?? false,
    }
  );
}

function compileOrigins(
  file: CorsConfig["origins"],
  path: Fault["path"],
  report: Report,
): CorsPolicy["origins"] | undefined {
  if (file === undefined) return undefined;
  if (file === "*" || (file.length === 1 && file[0] === "*")) return "*";
  const origins = new Set<string>();
  for (const [index, text] of file.entries()) {
    if (text === undefined) continue;
    if (text === "*") report([...path, index], "`*` is not alone in its list.", "It stands for all origins.");
    else if (!isOrigin(text)) {
      report([...path, index], "This is not an origin as browsers send it.", "Write such as https://shop.example.");
    }
    origins.add(text);
  }
  return origins;
}

/** Serialized (RFC 6454 6.2): no path, not even `/`. Other schemes than http(s) are those of apps. `null` is anybody. */
function isOrigin(text: string): boolean {
  if (/^https?:/i.test(text)) return URL.parse(text)?.origin === text;
  return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(?::\d{1,5})?$/.test(text);
}
