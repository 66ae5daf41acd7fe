import type { ClaimPath } from "./requirements/requirement.ts";

/** A service that gets permitted requests. */
export type Upstream = UrlUpstream | ServiceUpstream;

interface UpstreamSettings {
  readonly name: string;
  /** Time limit for the response headers, and for both attempts of `retry` together. The body may take longer. */
  readonly timeoutMs: number;
  /** Longest time that the body of an answer may pause; `undefined`: no limit. */
  readonly idleTimeoutMs: number | undefined;
  /** Whether a GET or HEAD without a body is sent once more if its connection failed before there was an answer. */
  readonly retry: boolean;
  /** What the gateway sets in every request. A caller can send no spelling of these headers. */
  readonly headers: readonly UpstreamHeader[];
  /** Whether the caller's `Authorization` header is passed on. */
  readonly forwardAuthorization: boolean;
  /** Whether requests with a verified token carry an assertion of the gateway; left out: they do not. */
  readonly assertion?: true;
  /** Whether paths may contain `;`. Path parameters take no part in matching and are passed on. */
  readonly allowPathParameters: boolean;
  /** Whether paths may contain `%2F` inside a segment that a `:name` or `*` matches. No literal matches it. */
  readonly allowEncodedSlash: boolean;
  /**
   * Callers' headers that it gets although their names have characters other than letters, digits and `-`. Lower case.
   */
  readonly allowHeaderNames: ReadonlySet<string>;
  /** Literal segments that are taken off the beginning of each path, as written; `undefined`: none. */
  readonly stripPrefix: string | undefined;
  /** Whether its answers may have headers that act on the whole origin, such as `Clear-Site-Data`. */
  readonly originWide: boolean;
}

/** A header that the gateway sets in every request to an upstream. */
export interface UpstreamHeader {
  /** Lower case. */
  readonly header: string;
  readonly value: UpstreamHeaderValue;
}

/**
 * `secret` names a binding of the Worker: a secret, or one of a Secrets Store. The policy never holds its value, so
 * what prints or stores a policy cannot reveal it.
 */
export type UpstreamHeaderValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "secret"; readonly secret: string };

/** An upstream that is reached by URL. */
export interface UrlUpstream extends UpstreamSettings {
  readonly kind: "url";
  /** `https://host[:port]`, or `http` on loopback or through a binding. */
  readonly origin: string;
  /** Name of the binding that requests go through; `undefined`: none, they go to the network. */
  readonly via: string | undefined;
  /** Prefix of every forwarded path, without a trailing slash; may be empty. */
  readonly pathPrefix: string;
}

/** An upstream that is another Worker. */
export interface ServiceUpstream extends UpstreamSettings {
  readonly kind: "service";
  /** Name of the service binding in the Worker's environment. */
  readonly binding: string;
}

/** How the path that an upstream gets is built from the canonical path of a request. See `routing/rewrite-path.ts`. */
export type Rewriting =
  /** The number of segments that are taken off the beginning. */
  | { readonly kind: "strip"; readonly segments: number }
  | { readonly kind: "template"; readonly parts: readonly TemplatePart[] };

/**
 * One part of the built path: a literal as written, or the place of a segment in the path of the request, from 0;
 * `from`: that segment and all after it.
 */
export type TemplatePart = string | number | { readonly from: number };

/** What the gateway says in assertions to upstreams, and how it signs them. */
export interface AssertionSettings {
  /** Value of `iss` and `req_wl`. */
  readonly issuer: string;
  /** Value of `aud`. */
  readonly trustDomain: string;
  /** JWS algorithm of the signing key. */
  readonly algorithm: AssertionAlgorithm;
  /** Time from `iat` to `exp`. */
  readonly ttlSeconds: number;
  /** Name of the Worker secret, or of the Secrets Store binding, with the private JWK Set. */
  readonly secret: string;
  /** Claims of the token to repeat in `tctx`, in the order of the file. */
  readonly claims: readonly AssertedClaim[];
  /** Whether an assertion names the path and query of its one request. */
  readonly bindsRequest: boolean;
}

export type AssertionAlgorithm = "ES256" | "EdDSA";
export const ASSERTION_ALGORITHMS: readonly AssertionAlgorithm[] = ["ES256", "EdDSA"];

/** A claim of the access token, and its name in `tctx`. */
export interface AssertedClaim {
  readonly name: string;
  readonly claim: ClaimPath;
}
