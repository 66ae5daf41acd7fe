import { createGateway } from "../../../src/gateway.ts";
import { limitPauses } from "../../../src/upstream/limit-pauses.ts";
import { createOwnHeaders } from "../../../src/upstream/own-headers.ts";
import { compiled } from "../policy/policy-file.ts";

/** What one request came to: the gateway's answer, and what reached the upstream. */
export interface Outcome {
  readonly response: Response;
  readonly reached: readonly Request[];
}

/**
 * Sends a request through a gateway whose one route, `/*`, is public and has every method.
 *
 * @param upstream members of the one upstream, beside its URL
 * @param answer what the upstream answers
 */
export async function sendToPublicRoute(
  request: Request,
  upstream: Readonly<Record<string, unknown>> = {},
  answer: () => Response = () => new Response(null, { status: 204 }),
): Promise<Outcome> {
  const reached: Request[] = [];
  const serve = createGateway({
    policy: compiled({
      upstreams: { all: { url: "https://all.internal", ...upstream } },
      routes: [{ path: "/*", methods: ["*"], public: true, upstream: "all" }],
    }),
    log: () => {},
    version: undefined,
    now: Date.now,
    authenticate: () => {
      throw new Error("a public route reads no credentials");
    },
    serveEndpoint: () => new Response(),
    fetcherOf: () => async (input, init) => {
      reached.push(new Request(input, init));
      return answer();
    },
    setOwnHeaders: createOwnHeaders({}, { now: Date.now, sleep: () => new Promise(() => {}) }),
    limitPauses,
  });
  return { response: await serve(request, () => {}), reached };
}
