import { hostNameOf } from "../../http/host.ts";
import { MAX_LOGGED_HOST_LENGTH } from "../../limits.ts";

/** Three names of this machine, as URLs write them. Each of them stands for all three. */
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The name under which a host is listed and looked up. `name` is in lower case and has no port. */
export function hostKey(name: string): string {
  return LOOPBACK.has(name) ? "localhost" : name;
}

/**
 * The host of a request as policies list it.
 *
 * @param hostHeader accepted by `isHost`; `null`: only the URL names the host
 * @param hostname that of the request's URL
 */
export function requestHost(hostHeader: string | null, hostname: string): string {
  return hostKey(hostHeader === null ? hostname : hostNameOf(hostHeader));
}

/**
 * Why a request is for a host that the policy does not serve, as a sentence for the log; `undefined`: it serves the
 * host.
 *
 * The name is compared exactly, except for its case; the port does not count. So `api.example.` with a dot at its end
 * and `127.1` are other hosts than `api.example` and `127.0.0.1`: a firewall rule for one spelling may not cover the
 * other. For the same reason the header and the URL must agree. They differ only if another Worker made the request.
 *
 * @param hosts each as `hostKey` returns it
 * @param hostHeader accepted by `isHost`; `null`: only the URL names the host
 * @param hostname that of the request's URL
 */
export function whyNotServed(
  hosts: ReadonlySet<string>,
  hostHeader: string | null,
  hostname: string,
): string | undefined {
  const name = hostHeader === null ? hostname : hostNameOf(hostHeader);
  const key = hostKey(name);
  if (!hosts.has(key)) {
    return `The host \`${name.slice(0, MAX_LOGGED_HOST_LENGTH)}\` is not one of the policy's \`hosts\`.`;
  }
  return hostKey(hostname) === key ? undefined : "The Host header and the request's URL name different hosts.";
}
