import type { WireRequest } from "./raw-upstream.ts";

/** What a WSGI application sees of a request (PEP 3333). */
export interface WsgiEnviron {
  /** The path that the application routes by: what follows its mount point. */
  readonly path: string;
  readonly method: string;
  readonly scheme: string;
  /** All variables that are made from headers. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Makes of a request what gunicorn makes of one from a trusted proxy with the headers that its default
 * `forwarder_headers` name, and what the common middlewares for mount points, schemes and method overrides add. Written
 * after what they do, not after what the gateway drops.
 */
export function wsgiEnviron({ method, target, fields }: WireRequest): WsgiEnviron {
  const variables: Record<string, string> = {};
  let mount = "";
  let path = target.replace(/\?.*$/s, "");
  for (const [name, value] of fields) {
    const folded = name.toUpperCase().replaceAll("-", "_");
    if (name.toUpperCase() === "SCRIPT_NAME") mount = value;
    else if (name.toUpperCase() === "PATH_INFO") path = value;
    const variable = `HTTP_${folded}`;
    variables[variable] = variables[variable] === undefined ? value : `${variables[variable]},${value}`;
  }
  mount = variables["HTTP_X_SCRIPT_NAME"] ?? mount;
  if (mount !== "" && path.startsWith(mount)) path = path.slice(mount.length);
  return {
    path: variables["HTTP_X_ORIGINAL_URL"] ?? variables["HTTP_X_REWRITE_URL"] ?? path,
    method: variables["HTTP_X_HTTP_METHOD_OVERRIDE"] ?? method,
    scheme: variables["HTTP_X_SCHEME"] ?? variables["HTTP_X_FORWARDED_PROTO"] ?? "http",
    variables,
  };
}
