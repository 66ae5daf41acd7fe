import { parseSafeUrl } from "../../http/safe-url.ts";
import { DEFAULT_UPSTREAM_TIMEOUT_MS } from "../../limits.ts";
import type { Fault, Report } from "../fault.ts";
import type { Upstream } from "../policy.ts";
import { canonicalPath, hasPathParameters } from "../routing/canonical-path.ts";
import type { PolicyConfig, UpstreamConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/**
 * Compiles `upstreams`, by name. `checkHeaderNames` checks their `allowHeaderNames`. Whether a service binding exists is
 * not checked: only the Worker's environment knows.
 */
export function compileUpstreams(configs: Salvaged<PolicyConfig>["upstreams"], report: Report): Map<string, Upstream> {
  const upstreams = new Map<string, Upstream>();
  for (const [name, part] of Object.entries(configs ?? {})) {
    const upstream = part && compileUpstream(name, part, ["upstreams", name], report);
    if (upstream) upstreams.set(name, upstream);
  }
  return upstreams;
}

function compileUpstream(name: string, part: Salvaged<UpstreamConfig>, path: Fault["path"], report: Report) {
  if (Object.hasOwn(part, "url") === Object.hasOwn(part, "service")) {
    const found = Object.hasOwn(part, "url") ? "both a `url` and a `service`" : "neither a `url` nor a `service`";
    report(path, `The upstream has ${found}.`, "Write exactly one of them.");
  }
  const settings = {
    name,
    timeoutMs: part.timeoutMs ?? DEFAULT_UPSTREAM_TIMEOUT_MS,
    forwardAuthorization: part.forwardAuthorization ?? false,
    allowPathParameters: part.allowPathParameters ?? false,
    allowEncodedSlash: part.allowEncodedSlash ?? false,
    allowHeaderNames: new Set(part.allowHeaderNames?.flatMap((header) => header?.toLowerCase() ?? [])),
    originWide: part.originWide ?? false,
  };
  if (part.service !== undefined) return compileService(settings, part.service, [...path, "service"], report);
  return part.url === undefined ? undefined : compileUrl(settings, part.url, [...path, "url"], report);
}

type Settings = Omit<Upstream, "kind">;

function compileService(
  settings: Settings,
  binding: string,
  path: Fault["path"],
  report: Report,
): Upstream | undefined {
  if (/^[A-Za-z_$][\w$]*$/.test(binding)) return { ...settings, kind: "service", binding };
  report(path, `\`${binding}\` cannot be the name of a binding.`, "Use the name that wrangler.toml gives the binding.");
  return undefined;
}

function compileUrl(settings: Settings, text: string, path: Fault["path"], report: Report): Upstream | undefined {
  const url = parseSafeUrl(text);
  if (!url.ok) {
    report(path, url.failure.message, url.failure.hint);
    return undefined;
  }
  if (/[?#]/.test(text)) {
    report(path, "The URL has a query or a fragment.", "Leave it out: the request brings its own query.");
    return undefined;
  }
  const prefix = canonicalPath(url.value.pathname);
  if (!prefix.ok || hasPathParameters(prefix.value)) {
    report(path, "The gateway refuses requests with the URL's path.", "Write the path in canonical form, without `;`.");
    return undefined;
  }
  return { ...settings, kind: "url", origin: url.value.origin, pathPrefix: prefix.value.replace(/\/$/, "") };
}
