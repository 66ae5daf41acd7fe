import { createDecisionLog } from "../telemetry/decision-log.ts";
import { missingMetrics } from "../telemetry/metrics.ts";

/** Shares of decision lines, paths in them, and data points. */
export default { faults: missingMetrics, create: createDecisionLog };
