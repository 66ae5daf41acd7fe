import { parseSafeUrl } from "../../http/safe-url.ts";
import { DEFAULT_UPSTREAM_TIMEOUT_MS } from "../../limits.ts";
import type { Fault, Report } from "../fault.ts";
import type { Upstream } from "../policy.ts";
import { canonicalPath, hasPathParameters } from "../routing/canonical-path.ts";
import type { PolicyConfig, UpstreamConfig } from "./schema/config-schema.ts";
import { isBindingName } from "./upstreams/binding-name.ts";
import type { compileOwnHeaders } from "./upstreams/compile-own-headers.ts";
import type { compileStripPrefix } from "./upstreams/strip-prefix.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/** What compiles the members that few upstreams have. A build may leave it out, where its policy has no such member. */
export interface UpstreamCompilers {
  readonly compileOwnHeaders: typeof compileOwnHeaders | undefined;
  readonly compileStripPrefix: typeof compileStripPrefix | undefined;
}

/**
 * Compiles `upstreams`, by name. `checkHeaderNames` checks their header names. Whether their bindings and secrets exist
 * is not checked: only the Worker's environment knows. See `missingBindings`.
 *
 * @param compilers a member without its compiler is ignored: the caller must report it
 */
export function compileUpstreams(
  configs: Salvaged<PolicyConfig>["upstreams"],
  report: Report,
  compilers: UpstreamCompilers,
): Map<string, Upstream> {
  const upstreams = new Map<string, Upstream>();
  for (const [name, part] of Object.entries(configs ?? {})) {
    const upstream = part && compileUpstream(name, part, ["upstreams", name], report, compilers);
    if (upstream) upstreams.set(name, upstream);
  }
  return upstreams;
}

function compileUpstream(
  name: string,
  part: Salvaged<UpstreamConfig>,
  path: Fault["path"],
  report: Report,
  { compileOwnHeaders, compileStripPrefix }: UpstreamCompilers,
) {
  if (Object.hasOwn(part, "url") === Object.hasOwn(part, "service")) {
    const found = Object.hasOwn(part, "url") ? "both a `url` and a `service`" : "neither a `url` nor a `service`";
    report(path, `The upstream has ${found}.`, "Write exactly one of them.");
  } else if (Object.hasOwn(part, "via") && !Object.hasOwn(part, "url")) {
    report(
      [...path, "via"],
      "Only requests to a `url` go through `via`.",
      "Remove it: `service` is a binding already.",
    );
  }
  const settings = {
    name,
    timeoutMs: part.timeoutMs ?? DEFAULT_UPSTREAM_TIMEOUT_MS,
    idleTimeoutMs: part.idleTimeoutMs,
    retry: part.retry ?? false,
    headers: compileOwnHeaders?.(part, path, report) ?? [],
    forwardAuthorization: part.forwardAuthorization ?? false,
    ...(part.assertion && { assertion: true as const }),
    allowPathParameters: part.allowPathParameters ?? false,
    allowEncodedSlash: part.allowEncodedSlash ?? false,
    allowHeaderNames: new Set(part.allowHeaderNames?.flatMap((header) => header?.toLowerCase() ?? [])),
    stripPrefix: compileStripPrefix?.(part.stripPrefix, [...path, "stripPrefix"], report),
    originWide: part.originWide ?? false,
  };
  if (part.service !== undefined) return compileService(settings, part.service, [...path, "service"], report);
  if (part.via !== undefined) checkBindingName(part.via, [...path, "via"], report);
  return part.url === undefined ? undefined : compileUrl(settings, part.url, part, [...path, "url"], report);
}

type Settings = Omit<Upstream, "kind">;

function compileService(
  settings: Settings,
  binding: string,
  path: Fault["path"],
  report: Report,
): Upstream | undefined {
  checkBindingName(binding, path, report);
  return { ...settings, kind: "service", binding };
}

function checkBindingName(name: string, path: Fault["path"], report: Report): void {
  if (isBindingName(name)) return;
  report(path, `\`${name}\` cannot be the name of a binding.`, "Use the name that wrangler.toml gives the binding.");
}

function compileUrl(
  settings: Settings,
  text: string,
  part: Salvaged<UpstreamConfig>,
  path: Fault["path"],
  report: Report,
): Upstream | undefined {
  // A binding encrypts what it carries, or the request does not leave the Worker's machine. `check` knows the
  // exception.
  const url = parseSafeUrl(text, { allowHttp: Object.hasOwn(part, "via") });
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
  const pathPrefix = prefix.value.replace(/\/$/, "");
  return { ...settings, kind: "url", origin: url.value.origin, pathPrefix, via: part.via };
}
