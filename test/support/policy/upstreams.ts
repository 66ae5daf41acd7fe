import type { ServiceUpstream, UrlUpstream } from "../../../src/policy/policy.ts";

/** An upstream's settings as the compiler makes them where the file has none. */
const SETTINGS = {
  timeoutMs: 10_000,
  idleTimeoutMs: undefined,
  retry: false,
  headers: [],
  forwardAuthorization: false,
  allowPathParameters: false,
  allowEncodedSlash: false,
  stripPrefix: undefined,
  allowHeaderNames: new Set<string>(),
  originWide: false,
};

/** An upstream that is called by its URL. */
export function urlUpstream(name: string, origin: string, changes: Partial<UrlUpstream> = {}): UrlUpstream {
  return { ...SETTINGS, kind: "url", name, origin, pathPrefix: "", via: undefined, ...changes };
}

/** An upstream that is called by a service binding. */
export function serviceUpstream(
  name: string,
  binding: string,
  changes: Partial<ServiceUpstream> = {},
): ServiceUpstream {
  return { ...SETTINGS, kind: "service", name, binding, ...changes };
}
