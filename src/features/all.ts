import assertion from "./assertion.ts";
import binding from "./binding.ts";
import conditions from "./conditions.ts";
import dpop from "./dpop.ts";
import idleTimeout from "./idle-timeout.ts";
import mcp from "./mcp.ts";
import ownHeaders from "./own-headers.ts";
import rateLimits from "./rate-limits.ts";
import report from "./report.ts";
import revocation from "./revocation.ts";
import routeHosts from "./route-hosts.ts";
import shadow from "./shadow.ts";
import stepUp from "./step-up.ts";
import stripPrefix from "./strip-prefix.ts";
import telemetry from "./telemetry.ts";
import tenants from "./tenants.ts";
import type { FeatureName } from "./usage/used-features.ts";

/** The Durable Object of `dpop`. */
export { ReplayGuard } from "./dpop.ts";

/** All features. A build that names no others has this module as `#features`, so its Worker can serve every policy. */
export default {
  assertion,
  binding,
  conditions,
  dpop,
  "idle-timeout": idleTimeout,
  mcp,
  "own-headers": ownHeaders,
  "rate-limits": rateLimits,
  report,
  revocation,
  "route-hosts": routeHosts,
  shadow,
  "step-up": stepUp,
  "strip-prefix": stripPrefix,
  telemetry,
  tenants,
} satisfies Record<FeatureName, unknown>;
