import type { Fault, Report } from "../fault.ts";
import type { Upstream } from "../policy.ts";
import { closest } from "../suggestion.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/** The part of a file that declares the upstreams. `upstreams` is there and `undefined` if it is faulty. */
type UpstreamsConfig = Pick<Salvaged<PolicyConfig>, "upstreams">;

/** The upstream that the name at `path` means, or `undefined` once a fault is reported. */
export function namedUpstream(
  name: string | undefined,
  path: Fault["path"],
  config: UpstreamsConfig,
  compiled: ReadonlyMap<string, Upstream>,
  report: Report,
): Upstream | undefined {
  // An upstream that is in the file but did not compile has a fault of its own. So has a faulty list of upstreams. A
  // file without that list declares none: its routes must not vanish without a fault.
  const { upstreams: declared = {} } = config;
  const isListFaulty = Object.hasOwn(config, "upstreams") && config.upstreams === undefined;
  if (name === undefined || isListFaulty || Object.hasOwn(declared, name)) return compiled.get(name ?? "");
  const meant = closest(name, Object.keys(declared));
  const hint = meant === undefined ? "Add it to `upstreams`." : `Did you mean \`${meant}\`?`;
  report(path, `There is no upstream \`${name}\`.`, hint);
  return undefined;
}
