import { isHeaderName } from "../../http/header-names.ts";
import { DEFAULT_CORS_MAX_AGE_SECONDS } from "../../limits.ts";
import type { FaultText } from "../../result.ts";
import { allowedOrigins } from "../allowed-origins.ts";
import type { Fault, Report } from "../fault.ts";
import type { CorsPolicy } from "../policy.ts";
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

const NOT_AN_ORIGIN: FaultText = {
  message: "This is not an origin as browsers send it.",
  hint: "For example: https://shop.example.",
};

/** The fault of an item of a list of origins, if it has one. */
function checkOrigin(text: string): FaultText | undefined {
  if (text === "*") {
    const hint = "Remove the others: it stands for every origin.";
    return { message: "`*` is not the only item of its list.", hint };
  }
  return text.includes("*") ? checkWildcardOrigin(text) : isOrigin(text) ? undefined : NOT_AN_ORIGIN;
}

/** A label of a host: letters, digits and hyphens (RFC 1123 2.1), in lower case as browsers write it. */
const LABEL = "(?!-)[a-z0-9-]{1,63}(?<!-)";
const LABELS_AND_PORT = new RegExp(`^${LABEL}(?:\\.${LABEL})*(?::\\d{1,5})?$`);

function checkWildcardOrigin(text: string): FaultText | undefined {
  const [, scheme, suffix] = /^(https?:\/\/)\*\.([^*]*)$/i.exec(text) ?? [];
  if (suffix === undefined) {
    return {
      message: "A `*` is allowed only as the first label of an http or https host.",
      hint: "Write https://*.shop.example for exactly one label, or list the origins.",
    };
  }
  if (!LABELS_AND_PORT.test(suffix) || !isOrigin(`${scheme}any.${suffix}`)) return NOT_AN_ORIGIN;
  if (suffix.includes(".")) return undefined;
  return {
    message: "This `*` stands for every name below a top-level domain.",
    hint: "Write at least two labels after it, for example: https://*.shop.example.",
  };
}

/**
 * Whether a text is a serialized origin (RFC 6454 6.2), which has no path, not even `/`. Schemes other than http and
 * https are those of apps. `null` is refused, because pages of many origins send it.
 */
function isOrigin(text: string): boolean {
  if (/^https?:/i.test(text)) return URL.parse(text)?.origin === text;
  return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(?::\d{1,5})?$/.test(text);
}
