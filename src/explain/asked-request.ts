import { isHost } from "../http/host.ts";
import type { Policy } from "../policy/policy.ts";
import { hostKey } from "../policy/routing/served-hosts.ts";
import { failure, type Result, success } from "../result.ts";
import { ASSUMED_ORIGIN, type AskedRequest } from "./explanation.ts";

/** A request as its author writes it. */
export interface WrittenRequest {
  readonly method: string;
  /** A path, with or without a query, or a whole URL. */
  readonly path: string;
  /** The `Host` header, with or without a port; `undefined`: that of the URL, or a host that the policy serves. */
  readonly host: string | undefined;
}

/** Why a text makes no request. */
export interface RequestFault {
  readonly member: "method" | "path" | "host";
  readonly message: string;
  readonly hint: string;
}

/**
 * The request that a text means, or the first reason why it makes none. Whether the policy serves it is not checked. No
 * message repeats the text, because a URL can contain a password.
 */
export function askedRequest(
  { method, path, host }: WrittenRequest,
  policy: Pick<Policy, "publicUrl" | "hosts">,
): Result<AskedRequest, RequestFault> {
  if (method === "") return refuse("method", "The method is empty.", "Write a name such as GET.");
  if (!isMethod(method)) return refuse("method", "This is not a method.", "Write a name such as GET.");
  if (path === "") return refuse("path", "The path is empty.", "Write / for the root.");
  const isWhole = /^https?:\/\//i.test(path);
  if (!isWhole && !path.startsWith("/")) {
    return refuse("path", "The path must start with a slash.", "Write a path such as /orders.");
  }
  if (host !== undefined && isWhole) return refuse("host", "The URL names the host already.", "Leave out the host.");
  if (host !== undefined && !isHost(host)) {
    return refuse("host", "This is not a host name with an optional port.", "The gateway refuses it with 400.");
  }
  const origin = host === undefined ? assumedOrigin(policy) : `https://${host}`;
  const url = URL.parse(isWhole ? path : origin + path);
  if (url === null) {
    return refuse(host === undefined ? "path" : "host", "This is not a URL.", "Correct the host name or the port.");
  }
  if (url.username !== "" || url.password !== "") {
    // HTTP clients would send them as Basic credentials, which no explanation models.
    return refuse("path", "The URL contains a user name or password.", "Describe the caller by a token or a client.");
  }
  // HTTP clients do not send the fragment.
  url.hash = "";
  return success({ method, url: url.href, ...(host !== undefined && { host }) });
}

function refuse(member: RequestFault["member"], message: string, hint: string) {
  return failure({ member, message, hint });
}

/** Whether a text is a token (RFC 9110 5.6.2), as every method is. */
function isMethod(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/** The origin of a request that names none: one that the policy serves. */
function assumedOrigin({ publicUrl, hosts }: Pick<Policy, "publicUrl" | "hosts">): string {
  const [first] = hosts ?? [];
  const isServed = (url: string): boolean => hosts === undefined || hosts.has(hostKey(new URL(url).hostname));
  if (publicUrl !== undefined && isServed(publicUrl)) return publicUrl;
  return first === undefined ? ASSUMED_ORIGIN : `https://${first}`;
}
