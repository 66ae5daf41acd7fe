import features from "../../../src/features/all.ts";
import { createGateway } from "../../../src/gateway.ts";
import { loadCompiledPolicy } from "../../../src/policy/compiled/load-compiled-policy.ts";
import { compileForWorker } from "../../../src/policy/compiled/serialize-policy.ts";
import type { ServedPolicy } from "../../../src/policy/policy.ts";
import type { Decision } from "../../../src/telemetry/decision.ts";
import type { DecisionLog } from "../../../src/telemetry/decision-log.ts";
import { createAuthenticator } from "../../../src/token/authenticate.ts";
import { limitPauses } from "../../../src/upstream/limit-pauses.ts";
import { createOwnHeaders } from "../../../src/upstream/own-headers.ts";
import { FakeKeyStore, keySetOf } from "../keys/fake-key-store.ts";
import { API, ISSUER_URL } from "../policy/example-policy.ts";
import { claimsOf, createSigner, NOW_MS, type Signer, signToken } from "../token/tokens.ts";
import { type Call, PLAIN } from "./calls.ts";

const AUTHENTICATED = { authenticated: true } as const;
const READ = { scopes: ["read"] };
const MCP = {
  name: "Order tools",
  methods: {
    "server/discover": AUTHENTICATED,
    initialize: AUTHENTICATED,
    ping: AUTHENTICATED,
    "tools/list": AUTHENTICATED,
    "resources/list": AUTHENTICATED,
    "tasks/*": AUTHENTICATED,
    "subscriptions/listen": AUTHENTICATED,
    "notifications/*": AUTHENTICATED,
  },
  tools: { get_order: READ, "get_*": READ, "délete*": { scopes: ["admin"] }, delete_order: { scopes: ["admin"] } },
  resources: { "orders://*": READ, "orders://secret/*": { scopes: ["admin"] } },
  prompts: { summary: READ },
  origins: ["https://app.example.com"],
  maxBodyBytes: 4096,
};
const FILE = {
  issuers: { main: { issuer: ISSUER_URL, profile: "cognito", algorithms: ["ES256"] } },
  resourceServers: { [API]: { scopes: { read: "", admin: "" } } },
  upstreams: { tools: { url: "https://tools.internal" } },
  routes: [
    { path: "/mcp", mcp: MCP },
    { path: "/old", mcp: { ...MCP, streams: AUTHENTICATED, replies: READ } },
    { path: "/lists", mcp: { ...MCP, filterLists: true } },
    { path: "/trial", mcp: { ...MCP, filterLists: true }, report: { until: "2999-12-31" } },
  ].map((route) => ({ ...route, upstream: "tools" })),
};

/** What the upstream got. */
export interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A gateway with MCP routes, and what it has sent and logged. */
export class McpGateway {
  readonly policy: ServedPolicy;
  sent: Sent[] = [];
  lines: Decision[] = [];
  /** The upstream's answer. */
  answer: () => Response = ANSWER;
  /** Takes the lines instead of `lines`. */
  log: DecisionLog = (line) => this.lines.push(line as Decision);
  readonly #signer: Signer;
  readonly #tokens: Readonly<Record<"none" | "read" | "admin", string>>;

  private constructor(
    policy: ServedPolicy,
    signer: Signer,
    tokens: Readonly<Record<"none" | "read" | "admin", string>>,
  ) {
    this.policy = policy;
    this.#signer = signer;
    this.#tokens = tokens;
  }

  static async create(): Promise<McpGateway> {
    const signer = await createSigner("ES256");
    const compiled = compileForWorker(FILE, {});
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
    const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(compiled.value)), {}, features);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
    const tokenOf = (...names: string[]) =>
      signToken(signer, claimsOf({ client_id: "customer", scope: names.map((name) => `${API}/${name}`).join(" ") }));
    const tokens = { none: await tokenOf(), read: await tokenOf("read"), admin: await tokenOf("read", "admin") };
    return new McpGateway(loaded.value, signer, tokens);
  }

  /** Forgets what was sent and logged, and has the usual answer. */
  reset(): void {
    this.sent = [];
    this.lines = [];
    this.answer = ANSWER;
  }

  send({ path = "/mcp", method = "POST", body, headers = PLAIN, token = "read" }: Call): Promise<Response> {
    const { policy } = this;
    const now = (): number => NOW_MS;
    const serve = createGateway({
      policy,
      log: this.log,
      version: undefined,
      now,
      authenticate: createAuthenticator({ policy, keys: new FakeKeyStore(keySetOf(this.#signer.key)), now }),
      openMessage: features.mcp.open,
      reports: ({ report }) => report !== undefined,
      setOwnHeaders: createOwnHeaders({}, { now, sleep: () => new Promise(() => {}) }),
      limitPauses,
      serveEndpoint: (exchange) => exchange.answer(new Response("own")),
      fetcherOf: () => async (input, init) => {
        const request = new Request(input, init);
        const { url, method: sentMethod, headers: sentHeaders } = request;
        this.sent.push({ url, method: sentMethod, headers: sentHeaders, body: await request.text() });
        return this.answer() as Response & { webSocket: null };
      },
    });
    const all = new Headers(headers);
    if (token !== "absent") all.set("authorization", `Bearer ${token === "bad" ? "x.y.z" : this.#tokens[token]}`);
    return serve(
      new Request(`https://gw.example${path}`, { method, headers: all, ...(body !== undefined && { body }) }),
      () => {},
    );
  }
}

const ANSWER = (): Response => Response.json({ jsonrpc: "2.0", id: 1, result: {} });
