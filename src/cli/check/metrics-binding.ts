import { GATEWAY_BINDINGS } from "../../env.ts";
import type { Policy } from "../../policy/policy.ts";
import type { WranglerSettings } from "../policy-file/read-environments.ts";
import type { Found } from "./finding.ts";

/** The gateway's own bindings. None of them is a dataset. */
const OWN_BINDINGS: ReadonlySet<string> = new Set(Object.values(GATEWAY_BINDINGS));

/**
 * What is wrong with the dataset that `telemetry` names, in an environment of wrangler's file.
 *
 * @param settings those of the environment; `undefined`: there is no wrangler file, so only the name is checked
 */
export function metricsBinding(
  { telemetry }: Pick<Policy, "telemetry">,
  settings: WranglerSettings | undefined,
): readonly Found[] {
  const metrics = telemetry?.metrics;
  if (metrics === undefined) return [];
  if (OWN_BINDINGS.has(metrics)) {
    const message = `The binding \`${metrics}\` belongs to the gateway itself and is not a dataset.`;
    return [error("own-binding", message, "Bind the dataset under another name.")];
  }
  if (settings === undefined || settings.analytics_engine_datasets?.some(({ binding }) => binding === metrics))
    return [];
  const hint = `Add \`analytics_engine_datasets = [{ binding = "${metrics}", dataset = "..." }]\` to every environment.`;
  return [error("unbound-metrics", `There is no Analytics Engine dataset \`${metrics}\`.`, hint)];
}

function error(code: Found["code"], message: string, hint: string): Found {
  return { code, severity: "error", path: ["telemetry", "metrics"], message, hint, reason: undefined };
}
