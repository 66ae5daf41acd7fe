import type { Report } from "../../fault.ts";
import type { Telemetry } from "../../policy.ts";
import { isBindingName } from "../upstreams/binding-name.ts";

/** `telemetry` of the file. A member with a fault of its own is left out. */
type TelemetryConfig = { readonly [Member in keyof Telemetry]?: Telemetry[Member] | undefined };

/**
 * Compiles `telemetry`. Whether its binding exists is not checked: only the Worker's environment knows. See
 * `missingMetrics`.
 */
export function compileTelemetry(config: TelemetryConfig, report: Report): Telemetry {
  const { allow = 1, deny = 1, path = false, metrics } = config;
  if (metrics !== undefined && !isBindingName(metrics)) {
    report(
      ["telemetry", "metrics"],
      `\`${metrics}\` cannot be the name of a binding.`,
      "Use the name that wrangler.toml gives the binding.",
    );
  }
  return { allow, deny, path, ...(metrics !== undefined && { metrics }) };
}
