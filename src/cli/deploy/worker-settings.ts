import { aboutSetting, type DeploymentRule } from "./exposure.ts";

const STRICT = "global_fetch_strictly_public";

/** Settings with which answers reach callers without the gateway, or requests reach origins without their firewall. */
export const workerSettings: DeploymentRule = (deployment) => {
  const { name, settings } = deployment.environment;
  const { compatibility_flags = [], assets, cache, unsafe = {}, limits = {} } = settings;
  const about = (...args: readonly [Parameters<typeof aboutSetting>[1], string, string, string]) => [
    aboutSetting(deployment, args[0], [args[1]], args[2], args[3]),
  ];
  return [
    ...(compatibility_flags.includes(STRICT)
      ? []
      : about(
          "private-fetch",
          "compatibility_flags",
          `The flag \`${STRICT}\` is missing, so requests to hosts of your own zone skip its firewall and other Workers.`,
          `Add it: \`compatibility_flags = ["${STRICT}"]\`.`,
        )),
    ...(assets === undefined || assets.run_worker_first === true
      ? []
      : about(
          "static-assets",
          "assets",
          "Cloudflare serves static assets to everyone before the gateway sees the request.",
          "Remove `assets`, and serve the files from a Worker of their own.",
        )),
    ...(cache?.enabled === true
      ? about(
          "response-cache",
          "cache",
          "Cloudflare's cache answers requests in place of the Worker, so nothing checks the token.",
          "Remove `cache`, or set its `enabled` to false.",
        )
      : []),
    ...(Object.keys(unsafe).length === 0
      ? []
      : about(
          "unsafe-setting",
          "unsafe",
          "`unsafe` can override any setting of the deployment, so nothing here can be relied on.",
          "Remove it.",
        )),
    // Not at the top level: that of the Deploy button must be deployable on the free plan.
    ...(name === "" || (limits.cpu_ms !== undefined && limits.subrequests !== undefined)
      ? []
      : about(
          "no-limits",
          "limits",
          "The environment sets no limits for the CPU time and the subrequests of a request.",
          "On a paid plan, add `limits = { cpu_ms = 100, subrequests = 50 }`. The free plan takes none, and has limits of its own.",
        )),
  ];
};
