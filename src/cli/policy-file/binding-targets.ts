import type { WranglerSettings } from "./read-environments.ts";

/** Where a binding leads that upstreams can name. */
export interface BindingTarget {
  readonly kind: "service" | "vpc-service" | "vpc-network" | "mtls-certificate" | "stored-secret";
  /** For people: what it leads to, and its id or name. */
  readonly target: string;
}

/** The kinds of bindings that requests can go through. */
export type Carrier = Exclude<BindingTarget["kind"], "stored-secret">;

/** The bindings of an environment that upstreams can name, by their names. Bindings of all other kinds are left out. */
export function bindingTargets(settings: WranglerSettings): ReadonlyMap<string, BindingTarget> {
  const { services, vpc_services, vpc_networks, mtls_certificates, secrets_store_secrets } = settings;
  return new Map<string, BindingTarget>([
    ...(services ?? []).map((it) => [it.binding, { kind: "service", target: it.service }] as const),
    ...(vpc_services ?? []).map(
      (it) => [it.binding, { kind: "vpc-service", target: `VPC service ${it.service_id}` }] as const,
    ),
    ...(vpc_networks ?? []).map(
      (it) => [it.binding, { kind: "vpc-network", target: `VPC network ${it.network_id ?? it.tunnel_id}` }] as const,
    ),
    ...(mtls_certificates ?? []).map(
      (it) => [it.binding, { kind: "mtls-certificate", target: `certificate ${it.certificate_id}` }] as const,
    ),
    ...(secrets_store_secrets ?? []).map(
      (it) => [it.binding, { kind: "stored-secret", target: `${it.secret_name} of store ${it.store_id}` }] as const,
    ),
  ]);
}
