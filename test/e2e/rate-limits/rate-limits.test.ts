/** A policy with rate limits on workerd, with Miniflare's counters, and with bindings that fail in every way. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RATE_LIMIT_RETRY_AFTER_SECONDS, RATE_LIMIT_TIMEOUT_MS } from "../../../src/limits.ts";
import type { LocalWorker } from "../../../src/local/miniflare.ts";
import { call, jsonOf } from "../../support/e2e/call.ts";
import { gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { eventually } from "../../support/e2e/wait.ts";
import { wrongMembers } from "../../support/log/log-form.ts";

let issuer: TestIssuer;
let partner: TestIssuer;
let upstream: TestUpstream;

beforeAll(async () => {
  [issuer, partner, upstream] = await Promise.all([startIssuer(), startIssuer(), startUpstream()]);
});
beforeEach(() => {
  upstream.received.length = 0;
});
afterAll(() => Promise.all([issuer?.stop(), partner?.stop(), upstream?.stop()]));

const LIMIT = 3;
const route = (path: string, members: object) => ({ path, methods: ["GET"], upstream: "echo", ...members });

/** Routes for each way to count, and one that nobody counts. */
function policy() {
  const base = gatewayPolicy(issuer, upstream);
  const limit = (members: object) => ({ limit: LIMIT, periodSeconds: 60, ...members });
  return {
    ...base,
    issuers: { ...base.issuers, partner: { issuer: partner.url, profile: "cognito", algorithms: ["ES256"] } },
    cors: { origins: ["https://shop.example"] },
    rateLimits: {
      clients: limit({ binding: "RL_CLIENTS", by: "client" }),
      orgs: limit({ binding: "RL_ORGS", by: "claim:/org/id" }),
      callers: limit({ binding: "RL_CALLERS", by: "address" }),
      tight: { binding: "RL_TIGHT", limit: 1, periodSeconds: 60, by: "subject" },
      wide: { binding: "RL_WIDE", limit: 2, periodSeconds: 60, by: "subject" },
    },
    routes: [
      route("/clients", { authenticated: true, rateLimit: ["clients"] }),
      route("/clients/:id", { scopes: ["read:orders"], rateLimit: ["clients"] }),
      route("/orgs", { authenticated: true, rateLimit: ["orgs"] }),
      route("/open", { public: true, rateLimit: ["callers"] }),
      route("/guarded", { authenticated: true, rateLimit: ["callers"] }),
      route("/feed", { optional: true, rateLimit: ["clients"] }),
      route("/tight", { authenticated: true, rateLimit: ["wide", "tight"] }),
      route("/wide", { authenticated: true, rateLimit: ["wide"] }),
      route("/free", { authenticated: true }),
    ],
  };
}

const counter = (namespace: string, limit = LIMIT) =>
  ({ type: "rate-limit", namespace, simple: { limit, period: 60 } }) as const;

/** The status, and the reason of a refusal. */
async function ask(gateway: TestGateway, path: string, options: NonNullable<Parameters<typeof call>[2]> = {}) {
  const answer = await call(gateway.origin, `GET ${path}`, options);
  const reason = answer.status === 200 ? "" : ` ${String(jsonOf(answer)["type"]).split("/").at(-1)}`;
  return `${answer.status}${reason}`;
}

/** The answers to the same request, one after the other. */
async function askTimes(times: number, ...question: Parameters<typeof ask>): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let time = 0; time < times; time++) answers.push(await ask(...question));
  return answers;
}

const within = (times: number): readonly string[] => Array.from({ length: times }, () => "200");
const BEYOND = "429 rate-limited";
let names = 0;
/** A client or a user that no other test knows. */
const fresh = (): string => `fresh-${names++}`;

/** Counts start anew with each minute: a test that counts must not begin just before. */
beforeEach(async () => {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < 8_000) await new Promise((resolve) => setTimeout(resolve, leftMs + 50));
});

describe("with Miniflare's counters", () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway({
      policy: policy(),
      bindings: {
        RL_CLIENTS: counter("1"),
        RL_ORGS: counter("2"),
        RL_CALLERS: counter("3"),
        RL_TIGHT: counter("4", 1),
        RL_WIDE: counter("5", 2),
      },
    });
  });
  afterAll(() => gateway?.dispose());

  it("the last request within a limit passes, and the next one is refused at the edge", async () => {
    const token = await issuer.token({ client_id: fresh() });
    expect(await askTimes(LIMIT, gateway, "/clients", { token })).toEqual(within(LIMIT));
    upstream.received.length = 0;
    const answer = await call(gateway.origin, "GET /clients", {
      token,
      headers: { origin: "https://shop.example", "x-request-id": "limited-1" },
    });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "60"]);
    expect(jsonOf(answer)).toEqual({
      type: "https://scopegate.dev/problems/rate-limited",
      title: "Rate limited",
      status: 429,
      detail: "Too many requests. Try again later.",
      instance: "limited-1",
    });
    expect(answer.headers.get("www-authenticate")).toBeNull();
    expect(answer.headers.get("access-control-expose-headers")).toContain("retry-after");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await gateway.decision("limited-1")).toMatchObject({
      decision: "deny",
      reason: "rate-limited",
      status: 429,
      detail: "The rate limit `clients` is exceeded.",
      issuer: issuer.url,
    });
    expect(upstream.received).toEqual([]);
  });

  it("two clients do not share a counter, and neither do two issuers with one client id", async () => {
    const [one, other] = [fresh(), fresh()];
    const tokens = await Promise.all([
      issuer.token({ client_id: one }),
      issuer.token({ client_id: other }),
      partner.token({ client_id: one }),
    ]);
    for (const token of tokens) {
      expect(await askTimes(LIMIT + 1, gateway, "/clients", { token })).toEqual([...within(LIMIT), BEYOND]);
    }
  });

  it("two tokens of one client share a counter, and so do two routes with one limit", async () => {
    const client = fresh();
    const [first, second] = await Promise.all([
      issuer.token({ client_id: client, sub: "ada" }),
      issuer.token({ client_id: client, sub: "bob", scope: "https://api.myecommerce.com/read:orders" }),
    ]);
    expect(await askTimes(LIMIT - 1, gateway, "/clients", { token: first })).toEqual(within(LIMIT - 1));
    expect(await askTimes(2, gateway, "/clients/7", { token: second })).toEqual(["200", BEYOND]);
    expect(await ask(gateway, "/clients", { token: first })).toBe(BEYOND);
    expect(await ask(gateway, "/free", { token: first })).toBe("200");
  });

  it("a request that is refused for its scopes is not counted", async () => {
    const token = await issuer.token({ client_id: fresh() });
    expect(await askTimes(LIMIT + 1, gateway, "/clients/7", { token })).toEqual(
      Array.from({ length: LIMIT + 1 }, () => "403 scope-insufficient"),
    );
    expect(upstream.received).toEqual([]);
    expect(await ask(gateway, "/clients", { token })).toBe("200");
  });

  it("a claim counts by its value, and without it the client counts", async () => {
    const org = { id: fresh() };
    const [one, other, without] = await Promise.all([
      issuer.token({ client_id: fresh(), org }),
      issuer.token({ client_id: fresh(), org }),
      issuer.token({ client_id: fresh() }),
    ]);
    expect(await askTimes(LIMIT, gateway, "/orgs", { token: one })).toEqual(within(LIMIT));
    expect(await ask(gateway, "/orgs", { token: other })).toBe(BEYOND);
    expect(await askTimes(LIMIT + 1, gateway, "/orgs", { token: without })).toEqual([...within(LIMIT), BEYOND]);
  });

  it("an address is counted before the token is read, and a network is one address", async () => {
    const from = (address: string) => ({ headers: { "cf-connecting-ip": address } });
    const [one, neighbour, other] = [from("2001:db8:0:1::1"), from("2001:db8:0:1:ffff::9"), from("2001:db8:0:2::1")];
    expect(await askTimes(LIMIT, gateway, "/guarded", { ...one, token: "guessed" })).toEqual(
      Array.from({ length: LIMIT }, () => "401 token-malformed"),
    );
    const token = await issuer.token({ client_id: fresh() });
    expect(await ask(gateway, "/guarded", { ...neighbour, token })).toBe(BEYOND);
    expect(await ask(gateway, "/open", neighbour)).toBe(BEYOND);
    expect(upstream.received).toEqual([]);
    expect(await ask(gateway, "/guarded", { ...other, token })).toBe("200");
  });

  it("the log line of a refused address says nothing about the token, and no line has the address", async () => {
    const headers = { "cf-connecting-ip": "198.51.100.7" };
    const token = await issuer.token({ client_id: fresh() });
    await askTimes(LIMIT, gateway, "/open", { headers });
    upstream.received.length = 0;
    expect(await ask(gateway, "/guarded", { token, headers: { ...headers, "x-request-id": "limited-2" } })).toBe(
      BEYOND,
    );
    const line = await gateway.decision("limited-2");
    expect(line).toMatchObject({ reason: "rate-limited", detail: "The rate limit `callers` is exceeded." });
    expect(line).not.toHaveProperty("client_id");
    expect(JSON.stringify(gateway.logs)).not.toContain("198.51.100.7");
    expect(upstream.received).toEqual([]);
  });

  it("preflights, the gateway's own endpoints and requests without a route are not counted", async () => {
    const headers = { "cf-connecting-ip": "203.0.113.9" };
    const preflight = { ...headers, origin: "https://shop.example", "access-control-request-method": "GET" };
    for (let time = 0; time < LIMIT + 1; time++) {
      expect((await call(gateway.origin, "OPTIONS /open", { headers: preflight })).status).toBe(204);
      expect((await call(gateway.origin, "GET /_gateway/health", { headers })).status).toBe(200);
      expect((await call(gateway.origin, "GET /open/unknown", { headers })).status).toBe(404);
      expect((await call(gateway.origin, "POST /open", { headers })).status).toBe(405);
    }
    expect(await askTimes(LIMIT + 1, gateway, "/open", { headers })).toEqual([...within(LIMIT), BEYOND]);
  });

  it("a caller who leaves out an optional token is not counted, and one who sends it is", async () => {
    expect(await askTimes(LIMIT + 1, gateway, "/feed")).toEqual(within(LIMIT + 1));
    const token = await issuer.token({ client_id: fresh() });
    expect(await askTimes(LIMIT + 1, gateway, "/feed", { token })).toEqual([...within(LIMIT), BEYOND]);
  });

  it("a request that one limit refuses is not counted under the others of its route", async () => {
    const token = await issuer.token({ sub: fresh() });
    expect(await askTimes(4, gateway, "/tight", { token })).toEqual(["200", BEYOND, BEYOND, BEYOND]);
    // Only one request is counted so far, of two.
    expect(await askTimes(2, gateway, "/wide", { token })).toEqual(["200", BEYOND]);
  });

  it("requests at once are counted one by one", async () => {
    const token = await issuer.token({ client_id: fresh() });
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(gateway, "/clients", { token })));
    expect(answers.filter((answer) => answer === "200")).toHaveLength(LIMIT);
    expect(answers.filter((answer) => answer === BEYOND)).toHaveLength(10 - LIMIT);
    expect(upstream.received).toHaveLength(LIMIT);
  });
});

/** Plays rate limiting bindings that fail: a method of a bound Worker is called like that of a binding. */
const FAULTY: LocalWorker = {
  name: "faulty",
  port: "none",
  script: `
    import { WorkerEntrypoint } from "cloudflare:workers";
    export class Throws extends WorkerEntrypoint { limit() { throw new Error("broken"); } }
    export class Hangs extends WorkerEntrypoint { limit() { return new Promise((done) => setTimeout(done, 20_000)); } }
    export class Rubbish extends WorkerEntrypoint { limit() { return { success: "yes" }; } }
    export default { fetch: () => new Response(null, { status: 404 }) };
  `,
};

describe.each([
  { exportName: "Throws", message: "Error: broken" },
  { exportName: "Hangs", message: `The binding did not answer within ${RATE_LIMIT_TIMEOUT_MS} ms.` },
  { exportName: "Rubbish", message: "The binding did not answer whether the request is within the limit." },
])("a binding that fails ($exportName)", ({ exportName, message }) => {
  let gateway: TestGateway;

  beforeAll(async () => {
    const faulty = { type: "worker", worker: "faulty", exportName } as const;
    const limit = { limit: LIMIT, periodSeconds: 60, by: "client" };
    gateway = await startGateway({
      policy: {
        ...gatewayPolicy(issuer, upstream),
        rateLimits: {
          open: { ...limit, binding: "RL_OPEN" },
          closed: { ...limit, binding: "RL_CLOSED", onError: "refuse" },
        },
        routes: [
          route("/open", { authenticated: true, rateLimit: ["open"] }),
          route("/closed", { authenticated: true, rateLimit: ["closed"] }),
        ],
      },
      bindings: { RL_OPEN: faulty, RL_CLOSED: faulty },
      workers: [FAULTY],
    });
  });
  afterAll(() => gateway?.dispose());

  it("lets requests go on, and the log tells it once", async () => {
    const token = await issuer.token({ client_id: fresh() });
    expect(await askTimes(3, gateway, "/open", { token, headers: { "x-request-id": "open" } })).toEqual(within(3));
    await gateway.decision("open");
    const lines = () =>
      gateway.logs.filter(({ message: [line] }) => Reflect.get(Object(line), "event") === "rate-limit-failed");
    const found = await eventually("a line about the limit", () => lines()[0]);
    expect(lines()).toMatchObject([{ level: "error", message: [{ rate_limit: "open", message }] }]);
    expect(wrongMembers(found.message[0] as Record<string, unknown>)).toEqual([]);
  });

  it("refuses requests where the limit says so", async () => {
    const token = await issuer.token({ client_id: fresh() });
    const answer = await call(gateway.origin, "GET /closed", { token, headers: { "x-request-id": "closed" } });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, String(RATE_LIMIT_RETRY_AFTER_SECONDS)]);
    expect(jsonOf(answer)).toMatchObject({ type: "https://scopegate.dev/problems/rate-limit-unavailable" });
    expect(await gateway.decision("closed")).toMatchObject({
      decision: "error",
      reason: "rate-limit-unavailable",
      detail: `The rate limit \`closed\` could not be counted: ${message}`,
    });
    expect(upstream.received).toEqual([]);
  });
});

it("a Worker without the bindings serves nothing", async () => {
  const gateway = await startGateway({ policy: policy(), bindings: { RL_CLIENTS: counter("1") } });
  try {
    expect(await ask(gateway, "/free")).toBe("500 policy-invalid");
    expect(upstream.received).toEqual([]);
  } finally {
    await gateway.dispose();
  }
});
