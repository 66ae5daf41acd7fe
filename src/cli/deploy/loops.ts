import { bindingTargets } from "../policy-file/binding-targets.ts";
import { type Deployment, type DeploymentRule, type Exposure, patternOf, routesOf } from "./exposure.ts";
import { hostOf, isLoopback } from "./policy-addresses.ts";
import { patternHost } from "./public-addresses.ts";

/**
 * Upstreams that are the gateway itself: their host is one of the policy's `hosts`, that of `publicUrl`, of a route or
 * of the Worker's workers.dev address, or their service is the Worker. Each request would come back until Cloudflare
 * stops it. Loopback addresses are left out, and so are the hosts of URLs that another binding leads elsewhere. A loop
 * over other Workers or over DNS is not found.
 */
export const upstreamLoops: DeploymentRule = (deployment) => {
  const own = ownHosts(deployment);
  const { services = [], name } = deployment.environment.settings;
  return deployment.addresses.upstreams.flatMap(({ name: upstream, url, service, via }): readonly Exposure[] => {
    const loop = (member: string, message: string) => [
      {
        code: "upstream-loop",
        source: "policy",
        path: ["upstreams", upstream, member],
        message,
        hint: "Use the address of the service itself, such as the origin's own host name or a service binding.",
      } as const,
    ];
    const host = hostOf(url?.text);
    if (host !== undefined && !isLoopback(host) && !leadsElsewhere(via, deployment)) {
      const where = own.find(({ matches }) => matches(host))?.where;
      if (where !== undefined) return loop("url", `Its host ${host} is ${where}, so the gateway would call itself.`);
    }
    const bound = service ?? via;
    const target = services.find(({ binding }) => binding === bound)?.service;
    if (bound === undefined || target === undefined || target !== name) return [];
    const member = service === undefined ? "via" : "service";
    return loop(member, `The binding \`${bound}\` leads to this Worker, so the gateway would call itself.`);
  });
};

/** Whether the binding of an upstream, not the host of its URL, decides where requests go. */
function leadsElsewhere(via: string | undefined, { environment }: Deployment): boolean {
  const kind = via === undefined ? undefined : bindingTargets(environment.settings).get(via)?.kind;
  return kind === "service" || kind === "vpc-service";
}

interface OwnHost {
  /** Where it is written, as the end of a sentence. */
  readonly where: string;
  readonly matches: (host: string) => boolean;
}

function ownHosts({ environment, addresses }: Deployment): readonly OwnHost[] {
  const publicHost = hostOf(addresses.publicUrl?.text);
  return [
    ...addresses.hosts.map(({ text }) => exactly(text?.toLowerCase(), "one of the policy's `hosts`")),
    exactly(publicHost, "that of the policy's `publicUrl`"),
    ...routesOf(environment).map(([, route]) => {
      const pattern = patternHost(patternOf(route));
      // A pattern may be in Unicode, the host of a URL never is.
      const host = pattern.includes("*") ? pattern : (hostOf(`https://${pattern}`) ?? pattern);
      const end = host.replace(/^\*+/, "");
      // A `*` alone stands for the hosts of a zone that the pattern does not name.
      const matches = (it: string) => (host.startsWith("*") ? end !== "" && it.endsWith(end) : it === host);
      return { where: "a route of this Worker in wrangler's file", matches };
    }),
    {
      where: "this Worker's own address at workers.dev",
      matches: (host) => host.endsWith(".workers.dev") && host.split(".").length === 4 && isOwnLabel(host, environment),
    },
  ];
}

function isOwnLabel(host: string, { settings: { name } }: Deployment["environment"]): boolean {
  return name !== undefined && host.startsWith(`${name}.`);
}

function exactly(own: string | undefined, where: string): OwnHost {
  return { where, matches: (host) => host === own };
}
