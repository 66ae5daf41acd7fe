import { foldHeaderName, isRefusedForUpstreams } from "../../../http/header-names.ts";
import { isOwnHeaderValue } from "../../../http/own-header-value.ts";
import type { Fault, Report } from "../../fault.ts";
import type { UpstreamHeader, UpstreamHeaderValue } from "../../policy.ts";
import { checkSecretName } from "./binding-name.ts";
import { checkHeaderName } from "./check-header-name.ts";

const OTHER_NAME = "Leave it out, or let the upstream read a name of its own.";

/** The members of an upstream that are read here. One that is `undefined` has a fault that is reported already. */
interface OwnHeadersConfig {
  readonly headers?: Readonly<Record<string, HeaderConfig | undefined>> | undefined;
  readonly forwardAuthorization?: boolean | undefined;
}

type HeaderConfig = string | { readonly secret?: string | undefined };

/**
 * Compiles the `headers` of an upstream. `checkHeaderNames` compares them with the claim headers. Whether a secret
 * exists and fits into a header is not checked: only the Worker knows its value.
 *
 * @param path the path of the upstream
 */
export function compileOwnHeaders(
  { headers = {}, forwardAuthorization }: OwnHeadersConfig,
  path: Fault["path"],
  report: Report,
): readonly UpstreamHeader[] {
  const listed = new Map<string, UpstreamHeader>();
  for (const [name, config] of Object.entries(headers)) {
    const at = [...path, "headers", name];
    const folded = foldHeaderName(name);
    const twin = listed.get(folded);
    if (twin)
      report(at, `Some upstreams take this header for \`${twin.header}\`, which is also set.`, "Remove one of them.");
    else checkHeaderName(name, isRefusedForUpstreams(folded), OTHER_NAME, at, report);
    const value = config === undefined ? undefined : compileValue(config, at, report);
    listed.set(folded, { header: name.toLowerCase(), value: value ?? { kind: "text", text: "" } });
  }
  if (listed.has("authorization") && forwardAuthorization) {
    report(
      [...path, "forwardAuthorization"],
      "The upstream's `headers` set `authorization`, so the caller's cannot be passed on.",
      "Remove one of them.",
    );
  }
  return [...listed.values()];
}

function compileValue(config: HeaderConfig, path: Fault["path"], report: Report): UpstreamHeaderValue | undefined {
  if (typeof config === "string") {
    if (isOwnHeaderValue(config)) return { kind: "text", text: config };
    const hint = "Use printable ASCII without a space at either end.";
    report(path, "The value cannot stand in a header as it is.", hint);
    return undefined;
  }
  const { secret } = config;
  if (secret === undefined) return undefined;
  const hint = "Write the name of the secret or of its binding, never its value.";
  return checkSecretName(secret, [...path, "secret"], hint, report) ? { kind: "secret", secret } : undefined;
}
