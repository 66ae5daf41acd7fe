import { membersOf, type RealAddresses } from "./stack-source.ts";

/**
 * The policy with the addresses of real services in place of its own. A real issuer's `jwksUri` keeps what follows the
 * issuer's address in it, and stays as it is if it does not begin with that address. A name that the policy lacks is
 * ignored.
 */
export function useRealAddresses(config: unknown, { issuers, upstreams }: RealAddresses): unknown {
  if (Object.keys(issuers).length + Object.keys(upstreams).length === 0) return config;
  return {
    ...Object(config),
    issuers: replaced(membersOf(config, "issuers"), issuers, withIssuer),
    upstreams: replaced(membersOf(config, "upstreams"), upstreams, withUrl),
  };
}

function replaced(
  parts: Readonly<Record<string, unknown>>,
  addresses: Readonly<Record<string, string>>,
  replace: (part: object, address: string) => object,
): Readonly<Record<string, unknown>> {
  const changed = Object.entries(parts).map(([name, part]) => {
    const address = Object.hasOwn(addresses, name) ? addresses[name] : undefined;
    return [name, address === undefined ? part : replace(Object(part), address)] as const;
  });
  return Object.fromEntries(changed);
}

function withIssuer(part: object, issuer: string): object {
  const { issuer: before, jwksUri } = part as Readonly<Record<string, unknown>>;
  const isBelow = typeof before === "string" && typeof jwksUri === "string" && jwksUri.startsWith(before);
  return { ...part, issuer, ...(isBelow && { jwksUri: issuer + jwksUri.slice(before.length) }) };
}

function withUrl(part: object, url: string): object {
  const { service: _service, via: _via, ...rest } = part as Readonly<Record<string, unknown>>;
  return { ...rest, url };
}
