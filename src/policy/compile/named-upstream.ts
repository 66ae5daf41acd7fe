import type { Fault, Report } from "../fault.ts";
import type { Upstream } from "../policy.ts";
import { closest } from "../suggestion.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/** The upstream that the name at `path` means, or `undefined` once a fault is reported. */
export function namedUpstream(
  name: string | undefined,
  path: Fault["path"],
  configs: Salvaged<PolicyConfig>["upstreams"],
  compiled: ReadonlyMap<string, Upstream>,
  report: Report,
): Upstream | undefined {
  // An upstream that is in the file but did not compile has a fault of its own.
  if (name === undefined || configs === undefined || Object.hasOwn(configs, name)) return compiled.get(name ?? "");
  const meant = closest(name, Object.keys(configs));
  const hint = meant === undefined ? "Add it to `upstreams`." : `Did you mean \`${meant}\`?`;
  report(path, `There is no upstream \`${name}\`.`, hint);
  return undefined;
}
