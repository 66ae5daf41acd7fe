import { substituteVariables } from "../../policy/compile/substitute-variables.ts";
import type { Fault } from "../../policy/fault.ts";
import { placeholders } from "../../policy/source/placeholders.ts";

/** An address that a policy names, with the vars of one environment put in. */
export interface PolicyAddress {
  /** Its place in `routes.json`. */
  readonly path: Fault["path"];
  /** The text with the vars put in; `undefined`: a variable is missing. */
  readonly text: string | undefined;
  /** Whether the file has the text itself, without any variable. */
  readonly isWritten: boolean;
}

/** An upstream: its address, or the name of its service binding. */
export interface UpstreamAddress {
  readonly name: string;
  readonly url: PolicyAddress | undefined;
  readonly service: string | undefined;
  /** The binding that requests to its URL go through. */
  readonly via: string | undefined;
}

/** All addresses of a policy. Whether the policy is valid is not checked. */
export interface PolicyAddresses {
  /** Empty: the policy serves every host. */
  readonly hosts: readonly PolicyAddress[];
  readonly publicUrl: PolicyAddress | undefined;
  readonly issuers: readonly PolicyAddress[];
  readonly upstreams: readonly UpstreamAddress[];
  /** Names of the variables in the parts of the policy that hold addresses. */
  readonly variables: ReadonlySet<string>;
}

/** Reads the addresses of a parsed `routes.json`. Ignores what is not a string: the compiler reports it. */
export function readAddresses(policy: unknown, vars: Readonly<Record<string, unknown>>): PolicyAddresses {
  const read = (path: Fault["path"], written: unknown): PolicyAddress | undefined => {
    if (typeof written !== "string") return undefined;
    const text = substituteVariables(written, vars, path, () => undefined);
    return { path, text: typeof text === "string" ? text : undefined, isWritten: !written.includes("${") };
  };
  const hosts: unknown = Reflect.get(Object(policy), "hosts");
  const parts = ["hosts", "publicUrl", "issuers", "upstreams"].map((part): unknown =>
    Reflect.get(Object(policy), part),
  );
  return {
    hosts: (Array.isArray(hosts) ? hosts : []).flatMap((host, index) => read(["hosts", index], host) ?? []),
    publicUrl: read(["publicUrl"], Reflect.get(Object(policy), "publicUrl")),
    issuers: partsOf(policy, "issuers").flatMap(([name, issuer]) =>
      ["issuer", "jwksUri"].flatMap((member) => read(["issuers", name, member], Reflect.get(issuer, member)) ?? []),
    ),
    upstreams: partsOf(policy, "upstreams").map(([name, upstream]) => {
      const service: unknown = Reflect.get(upstream, "service");
      const via: unknown = Reflect.get(upstream, "via");
      return {
        name,
        url: read(["upstreams", name, "url"], Reflect.get(upstream, "url")),
        service: typeof service === "string" ? service : undefined,
        via: typeof via === "string" ? via : undefined,
      };
    }),
    variables: new Set(Object.keys(placeholders(JSON.stringify(parts)))),
  };
}

function partsOf(policy: unknown, part: string): readonly (readonly [name: string, value: object])[] {
  const value: unknown = Reflect.get(Object(policy), part);
  return Object.entries(Object(value)).map(([name, it]) => [name, Object(it)]);
}

/** The host of a URL, in lower case, without port and final dot; `undefined`: the text is no URL with a host. */
export function hostOf(url: string | undefined): string | undefined {
  try {
    return new URL(url ?? "").hostname.replace(/\.$/, "") || undefined;
  } catch {
    return undefined;
  }
}

/** Whether a host is the machine itself: `localhost`, 127.0.0.0/8, `[::1]`, and the unspecified addresses. */
export function isLoopback(host: string): boolean {
  return /^(?:.+\.)?localhost$|^127(?:\.\d+){3}$|^0\.0\.0\.0$|^\[::1?\]$|^\[::ffff:7f/.test(host);
}
