import * as v from "valibot";
import { closed, dictionary } from "./closed.ts";
import { about, flag, listOf, text, timeoutMs } from "./values.ts";

const upstreamHeaderSchema = v.union([
  text,
  closed({
    secret: v.pipe(text, v.description("Name of a Worker secret or of a Secrets Store binding. Its value is sent.")),
  }),
]);

/** The shape of one of `upstreams`. */
export const upstreamSchema = closed({
  url: about(
    text,
    "URL of the upstream: https, or http on loopback or through `via`. Its path is put before each request path. Write this or `service`.",
  ),
  service: about(text, "Name of a service binding of the Worker. Write this or `url`."),
  via: about(
    text,
    "Name of the binding that requests to `url` go through: a VPC service, an mTLS certificate or a service. Default: none.",
  ),
  headers: about(
    dictionary(upstreamHeaderSchema),
    'Headers that the gateway sets in each request to the upstream: a fixed value, or { "secret": "NAME" }. Callers cannot send them. Default: none.',
  ),
  timeoutMs: about(timeoutMs, "Time limit for the response headers; the body may take longer. Default: 10000."),
  idleTimeoutMs: about(
    timeoutMs,
    "Longest time that the body of an answer may pause. Then the answer is cut off. Default: no limit.",
  ),
  retry: about(
    flag,
    "true: a GET or HEAD without a body is sent once more if its connection failed before there was an answer. Default: false.",
  ),
  forwardAuthorization: about(
    flag,
    "true: the upstream gets the caller's access token where the gateway verified it, so never on public routes. Default: false.",
  ),
  assertion: about(
    flag,
    "true: each request with a verified token carries a signed `Txn-Token`, as `assertion` of the policy says. Default: false.",
  ),
  allowPathParameters: about(flag, "true: request paths may contain `;`. Default: false."),
  allowEncodedSlash: about(
    flag,
    "true: request paths may contain `%2F` inside a segment that a `:name` or `*` matches. Default: false.",
  ),
  stripPrefix: about(
    text,
    "Segments to take off the beginning of each request path. Every route to the upstream must begin with them, unless it has an `upstreamPath`. Default: none.",
  ),
  allowHeaderNames: about(
    listOf(text),
    "Names of callers' headers that the upstream gets although they have other characters than letters, digits and `-`.",
  ),
  originWide: about(
    flag,
    "true: the upstream may send `Alt-Svc`, `Clear-Site-Data` and `Service-Worker-Allowed` to callers. Default: false.",
  ),
});
