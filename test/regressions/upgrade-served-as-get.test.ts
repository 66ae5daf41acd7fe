import { expect, it } from "vitest";
import { createGateway } from "../../src/gateway.ts";
import { compilePolicy } from "../../src/policy/compile/compile-policy.ts";

/** The runtime sends every WebSocket upgrade as a GET, so an upgrade with POST was served by what only GET may reach. */
it.each(["HEAD", "POST", "PUT", "PATCH", "DELETE"])(
  "%s with Upgrade: websocket reaches the upstream as itself",
  async (method) => {
    const compiled = compilePolicy(
      {
        upstreams: { hooks: { url: "https://hooks.internal" } },
        routes: [{ path: "/hook", methods: ["*"], public: true, upstream: "hooks" }],
      },
      {},
    );
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
    const reached: Request[] = [];
    const serve = createGateway({
      policy: compiled.value,
      log: () => {},
      version: undefined,
      authenticate: () => {
        throw new Error("a public route reads no credentials");
      },
      serveEndpoint: () => new Response(),
      fetcherOf: () => async (input, init) => {
        reached.push(new Request(input, init));
        return new Response(null, { status: 204 });
      },
    });
    const request = new Request("https://gw.example/hook", { method, headers: { upgrade: "websocket" } });
    expect((await serve(request, () => {})).status).toBe(204);
    expect(reached.map((sent) => [sent.method, sent.headers.get("upgrade")])).toEqual([[method, null]]);
  },
);
