import { aboutSetting, type DeploymentRule, isCustomDomain, patternOf, routesOf } from "./exposure.ts";

const HINT_FOR_TEAMS = "or list the host names that the gateway serves in the policy's `hosts`";

/**
 * Addresses of Cloudflare that lead to the Worker: `workers.dev`, and a URL for each version and each preview. No rule
 * of the zone's firewall covers them, and the URL of a version runs an old policy with today's bindings. With `hosts`,
 * the gateway answers them with 421. wrangler decides by the routes and by the last deployment if a setting is missing,
 * so each must be written out.
 */
export const publicAddresses: DeploymentRule = (deployment) => {
  const { environment, addresses } = deployment;
  if (addresses.hosts.length > 0) return [];
  const { workers_dev, preview_urls } = environment.settings;
  const state = (value: boolean | undefined) => (value === undefined ? "is not set" : "is true");
  const previews = routesOf(environment).filter(([, route]) => typeof route !== "string" && route.previews_enabled);
  return [
    ...(workers_dev === false
      ? []
      : [
          aboutSetting(
            deployment,
            "workers-dev",
            ["workers_dev"],
            `\`workers_dev\` ${state(workers_dev)}, so the Worker can be called at workers.dev, past the zone's firewall.`,
            `Set \`workers_dev = false\`, ${HINT_FOR_TEAMS}.`,
          ),
        ]),
    ...(preview_urls === false
      ? []
      : [
          aboutSetting(
            deployment,
            "version-urls",
            ["preview_urls"],
            `\`preview_urls\` ${state(preview_urls)}, so every uploaded version, with its old policy, can have a public URL.`,
            `Set \`preview_urls = false\`, ${HINT_FOR_TEAMS}.`,
          ),
        ]),
    ...previews.map(([path, route]) =>
      aboutSetting(
        deployment,
        "version-urls",
        [...path, "previews_enabled"],
        `\`previews_enabled\` gives every preview of the Worker a URL below ${patternOf(route)}.`,
        `Remove it, ${HINT_FOR_TEAMS}.`,
      ),
    ),
  ];
};

/**
 * Patterns that leave requests for their host to the origin: what no pattern matches goes there, past the gateway. Only
 * a custom domain and `host/*` take all of them. A pattern does no harm if another of the environment takes all
 * requests for its host. `*.host/*` takes hosts that nobody listed, which is safe only with `hosts`.
 */
export const routePatterns: DeploymentRule = (deployment) => {
  const routes = routesOf(deployment.environment);
  const whole = new Set(routes.flatMap(([, route]) => wholeHost(patternOf(route), isCustomDomain(route)) ?? []));
  return routes.flatMap(([path, route]) => {
    const pattern = patternOf(route);
    const about = (message: string, hint: string) => [aboutSetting(deployment, "partial-route", path, message, hint)];
    const host = patternHost(pattern);
    if (isCustomDomain(route)) {
      if (wholeHost(pattern, true) !== undefined) return [];
      return about(
        `The custom domain \`${pattern}\` is not a host name: a custom domain takes no path, port or \`*\`.`,
        host.includes("*") ? "Name each host, as a custom domain." : `Write \`${host}\`.`,
      );
    }
    if (wholeHost(pattern, false) !== undefined || whole.has(host)) return [];
    if (host.startsWith("*")) {
      if (deployment.addresses.hosts.length > 0 && pattern === `${host}/*`) return [];
      return about(
        `The pattern \`${pattern}\` sends hosts to the gateway that nobody listed.`,
        "Name each host, as a custom domain. If you need the pattern, make it end in `/*` and set the policy's `hosts`.",
      );
    }
    const rest = /^https?:\/\//.test(pattern)
      ? "Requests with the other scheme, http or https, go"
      : "Requests that it does not match go";
    return about(
      `The pattern \`${pattern}\` does not take all requests for ${host}. ${rest} to the origin, past the gateway.`,
      `Use the custom domain \`{ pattern = "${host}", custom_domain = true }\`, or the pattern \`${host}/*\`.`,
    );
  });
};

/** The host all of whose requests a route takes; `undefined`: it takes some of them, or several hosts. */
function wholeHost(pattern: string, isCustom: boolean): string | undefined {
  const [, host] = (isCustom ? /^([^*/:]+)$/ : /^([^*/:]+)\/\*$/).exec(pattern) ?? [];
  return host?.toLowerCase();
}

/** The host of a pattern, which may begin with `*`. */
export function patternHost(pattern: string): string {
  return pattern
    .replace(/^(?:https?|\*):\/\//, "")
    .replace(/[/?#].*$/s, "")
    .replace(/(?::\d+|(?<=[^*])\*+)$/, "")
    .toLowerCase();
}
