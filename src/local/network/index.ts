/**
 * The network of the local gateway: everything that the gateway sends out passes through here. It leads requests for
 * key sets to the local issuer, and requests to upstreams that do not answer to their stand-ins. All else goes to the
 * real network, unchanged. It listens on no port, because it would send anything anywhere.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { answers } from "./answers.ts";
import { echo } from "./echo.ts";
import type { LocalRoute, RoutingTable } from "./routing-table.ts";

interface NetworkEnv {
  readonly TABLE: RoutingTable;
  /** The local issuer, and the services that stand in for upstreams, by the names in the table. */
  readonly [binding: string]: unknown;
}

/** Set if the request came through a binding of the gateway. */
interface NetworkContext {
  readonly props?: { readonly binding?: string };
}

export default {
  async fetch(request: Request, env: NetworkEnv, { props }: NetworkContext): Promise<Response> {
    const { keySets, upstreams } = env.TABLE;
    if (props?.binding !== undefined) {
      const bound = upstreams.find(({ binding }) => binding === props.binding);
      return bound ? standIn(request, bound, env) : toUrl(request, props.binding, env);
    }
    if (keySets.includes(request.url)) return serviceOf(env, "issuer")?.fetch(request) ?? fetch(request);
    return toUrl(request, undefined, env);
  },
};

/** A secret of a Secrets Store, as its binding offers it. */
export class StoredSecret extends WorkerEntrypoint<unknown, { readonly value: string }> {
  get(): string {
    return this.ctx.props.value;
  }
}

/** Leads a request to the upstream at its URL, if one answers, or else to its stand-in. */
async function toUrl(request: Request, via: string | undefined, env: NetworkEnv): Promise<Response> {
  const upstream = upstreamAt(
    env.TABLE.upstreams.filter((it) => it.via === via),
    request.url,
  );
  if (upstream?.origin === undefined || (await answers(upstream.origin))) return fetch(request);
  return standIn(request, upstream, env);
}

/** The upstream that a request goes to. Several may share an origin: then the longest prefix of the path decides. */
function upstreamAt(upstreams: readonly LocalRoute[], url: string): LocalRoute | undefined {
  return upstreams
    .filter(({ origin, address }) => origin !== undefined && url.startsWith(`${address}/`))
    .sort((a, b) => b.address.length - a.address.length)[0];
}

/**
 * A stand-in insists on the secrets of its upstream, as the upstream would. One that was stopped is not replaced by
 * another: the request fails as it would at a dead upstream.
 */
async function standIn(request: Request, upstream: LocalRoute, env: NetworkEnv): Promise<Response> {
  const missing = upstream.secrets.find(({ header, value }) => request.headers.get(header) !== value);
  if (missing) return Response.json({ error: `The header ${missing.header} is missing or wrong.` }, { status: 401 });
  const secret = upstream.secrets.map(({ header }) => header);
  if (upstream.standIn === "echo") return echo(request, upstream.name, secret);
  const service = serviceOf(env, upstream.standIn);
  return service ? service.fetch(await withReadBody(request)) : fetch(request);
}

/**
 * The request with its body read. If a service answered without reading the body, an error would follow the line of the
 * decision in the terminal: the rest of the body could not be read any more.
 */
async function withReadBody(request: Request): Promise<Request> {
  return request.body === null ? request : new Request(request, { body: await request.arrayBuffer() });
}

function serviceOf(env: NetworkEnv, name: string): { fetch(request: Request): Promise<Response> } | undefined {
  const service = env[name];
  return typeof service === "object" && service !== null && "fetch" in service
    ? (service as { fetch(request: Request): Promise<Response> })
    : undefined;
}
