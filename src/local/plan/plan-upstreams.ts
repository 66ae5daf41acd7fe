import type { Policy, Upstream } from "../../policy/policy.ts";
import { membersOf } from "./stack-source.ts";

/** The services of the running example, by the name of the upstream. */
export const EXAMPLE_SERVICES = ["products", "orders"] as const;
export type ExampleService = (typeof EXAMPLE_SERVICES)[number];

/** The resource server that only the policy of the running example declares. */
const EXAMPLE_RESOURCE_SERVER = "https://api.myecommerce.com";

/** An upstream of the policy, and what the stack has for it. */
export interface UpstreamPlan {
  readonly name: string;
  /** Its URL, or the name of its service binding. */
  readonly address: string;
  /** The origin of the requests to it; `undefined`: it is a service binding. */
  readonly origin: string | undefined;
  /** The service binding that leads to it; `undefined`: it is reached by URL. */
  readonly binding: string | undefined;
  /** The binding that requests to its URL go through; `undefined`: none. */
  readonly via: string | undefined;
  /** The headers with secrets that it gets, each with the name of the secret. */
  readonly secrets: readonly { readonly header: string; readonly secret: string }[];
  /** The local service that answers if nothing listens at its address. A real upstream has no stand-in. */
  readonly standIn: "echo" | ExampleService | undefined;
}

/** Whether a policy is that of the running example, whose services the stack has. Looks at names only. */
export function isExample(config: unknown): boolean {
  return Object.hasOwn(membersOf(config, "resourceServers"), EXAMPLE_RESOURCE_SERVER);
}

/** What the stack has for each upstream of a policy. */
export function planUpstreams(
  policy: Policy,
  config: unknown,
  isReal: (name: string) => boolean,
): readonly UpstreamPlan[] {
  const services = isExample(config) ? EXAMPLE_SERVICES : [];
  return Array.from(policy.upstreams.values(), (upstream) => ({
    name: upstream.name,
    ...placeOf(upstream),
    secrets: upstream.headers.flatMap(({ header, value }) =>
      value.kind === "secret" ? [{ header, secret: value.secret }] : [],
    ),
    standIn: isReal(upstream.name) ? undefined : (services.find((name) => name === upstream.name) ?? "echo"),
  }));
}

function placeOf(upstream: Upstream): Pick<UpstreamPlan, "address" | "origin" | "binding" | "via"> {
  return upstream.kind === "url"
    ? {
        address: `${upstream.origin}${upstream.pathPrefix}`,
        origin: upstream.origin,
        binding: undefined,
        via: upstream.via,
      }
    : { address: upstream.binding, origin: undefined, binding: upstream.binding, via: undefined };
}
