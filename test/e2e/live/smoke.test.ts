/** `scopegate smoke` against a built gateway on workerd, with an issuer and an upstream of this process. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { type BuiltGateway, startBuiltGateway } from "../../support/e2e/built-gateway.ts";
import { fullName, gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";

const scratch = scratchDirectory();
let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: BuiltGateway;
let policy: string;
let token: string;

beforeAll(async () => {
  [issuer, upstream] = [await startIssuer(), await startUpstream()];
  policy = scratch.write("routes.json", gatewayPolicy(issuer, upstream));
  gateway = await startBuiltGateway(policy);
  token = scratch.write("token.txt", `${await issuer.token({ scope: fullName("read:products") })}\n`);
});
beforeEach(() => {
  upstream.received.length = 0;
  upstream.handler = undefined;
});
afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  for (const server of [issuer, upstream]) await server?.stop();
});

async function smoke(...options: readonly string[]) {
  const { exitCode, stdout, stderr } = await scopegate("smoke", gateway.origin, ...options);
  const outcomes = Array.from(
    stdout.matchAll(/^(ok|FAIL|skip) +(.+?) {2,}/gm),
    ([, outcome, name]) => `${outcome} ${name}`,
  );
  return { exitCode, stdout, stderr, outcomes };
}

/** What a run says if everything is fine, without a token. */
const FINE = ["ok ready", "ok policy", "ok metadata", "ok refusal", "ok unknown route"];

describe("scopegate smoke", () => {
  it("passes a gateway that works, and reaches no upstream", async () => {
    const { exitCode, stdout, outcomes } = await smoke("--policy", policy);
    expect([exitCode, outcomes]).toEqual([0, FINE]);
    expect(stdout).toContain("GET /products without a token: 401 credentials-missing");
    expect(stdout).toContain("The gateway works.");
    expect(upstream.received).toEqual([]);
  });

  it("sends one call with a token, and never shows the token", async () => {
    const { exitCode, stdout, outcomes } = await smoke("--policy", policy, "--token-file", token);
    expect([exitCode, outcomes]).toEqual([0, [...FINE, "ok token"]]);
    expect(upstream.received.map(({ method, target }) => `${method} ${target}`)).toEqual(["GET /products"]);
    expect(stdout).not.toContain("eyJ");
  });

  it("chooses a route that the token opens", async () => {
    const other = scratch.write("other.txt", await issuer.token({ scope: fullName("write:orders") }));
    const { exitCode } = await smoke("--policy", policy, "--token-file", other);
    expect([exitCode, upstream.received.map(({ target }) => target)]).toEqual([0, ["/me"]]);
  });

  it.each([
    { name: "a call that is refused", path: "/orders", upstreamStatus: 200, said: "404 route-unknown" },
    { name: "an upstream that fails", path: "/me", upstreamStatus: 500, said: "GET /me with the token: 500" },
  ])("fails with $name", async ({ path, upstreamStatus, said }) => {
    upstream.handler = (_request, response) => void response.writeHead(upstreamStatus).end();
    const run = await smoke("--policy", policy, "--token-file", token, "--path", path);
    expect([run.exitCode, run.outcomes]).toEqual([1, [...FINE, "FAIL token"]]);
    expect(run.stdout).toContain(said);
  });

  it("fails with a token of another issuer", async () => {
    const stranger = await startIssuer();
    const file = scratch.write("stranger.txt", await stranger.token({}));
    await stranger.stop();
    const run = await smoke("--policy", policy, "--token-file", file);
    expect([run.exitCode, run.outcomes.at(-1)]).toEqual([1, "FAIL token"]);
    expect(run.stdout).toContain("401 issuer-unknown");
    expect(upstream.received).toEqual([]);
  });

  it.each([
    { name: "an empty token", content: "\n", exitCode: 2, said: "The token is empty." },
    { name: "two tokens", content: "a\nb", exitCode: 1, said: "characters that no token has" },
  ])("takes no file with $name", async ({ content, exitCode, said }) => {
    const run = await smoke("--policy", policy, "--token-file", scratch.write("bad.txt", content));
    expect([run.exitCode, run.stdout + run.stderr]).toEqual([exitCode, expect.stringContaining(said)]);
  });

  it("fails if the file is not what is live", async () => {
    const routes = gatewayPolicy(issuer, upstream).routes.slice(0, 3);
    const other = scratch.write("changed.json", gatewayPolicy(issuer, upstream, { routes }));
    const run = await smoke("--policy", other);
    expect([run.exitCode, run.outcomes]).toEqual([1, ["ok ready", "FAIL policy", ...FINE.slice(2)]]);
    expect(run.stdout).toContain(`scopegate deployed ${gateway.origin}`);
  });

  it("fails if the public URL is another address", async () => {
    const file = scratch.write("public.json", gatewayPolicy(issuer, upstream, { publicUrl: "https://api.example" }));
    await gateway.deploy(file);
    const own = scratch.write("own.json", gatewayPolicy(issuer, upstream, { publicUrl: gateway.origin }));
    const run = await smoke("--policy", own);
    expect([run.exitCode, run.outcomes]).toEqual([1, ["ok ready", "FAIL policy", "FAIL metadata", ...FINE.slice(3)]]);
    expect((await smoke("--policy", file)).exitCode).toBe(0);
    await gateway.deploy(policy);
  });

  it("skips what a policy has nothing for", async () => {
    const routes = [{ path: "/*", methods: ["GET"], public: true, upstream: "echo" }];
    const open = scratch.write("open.json", gatewayPolicy(issuer, upstream, { routes }));
    await gateway.deploy(open);
    const run = await smoke("--policy", open);
    expect([run.exitCode, run.outcomes]).toEqual([0, [...FINE.slice(0, 3), "skip refusal", "ok unknown route"]]);
    expect(run.stdout).toMatch(/GET \/_gateway\/scopegate-smoke-\S+: 404 route-unknown/);
    expect(upstream.received).toEqual([]);
    await gateway.deploy(policy);
  });

  it("fails if an issuer has no keys, and names it", async () => {
    await issuer.stop();
    await gateway.deploy(scratch.write("fresh.json", gatewayPolicy({ url: `${issuer.url}/other` }, upstream)));
    const run = await smoke(
      "--policy",
      scratch.write("fresh.json", gatewayPolicy({ url: `${issuer.url}/other` }, upstream)),
    );
    expect([run.exitCode, run.outcomes]).toEqual([1, ["FAIL ready", ...FINE.slice(1)]]);
    expect(run.stdout).toContain("no usable keys: main");
    await issuer.start();
    await gateway.deploy(policy);
  });

  it("fails at an address where no gateway answers, check by check", async () => {
    const { exitCode, stdout } = await scopegate("smoke", upstream.origin, "--policy", policy);
    expect(exitCode).toBe(1);
    expect(stdout.match(/^FAIL/gm)).toHaveLength(5);
    expect(upstream.received.every(({ method }) => method === "GET")).toBe(true);
  });

  it("cannot check what nobody can reach", async () => {
    const { exitCode, stderr } = await scopegate("smoke", "http://127.0.0.1:1", "--policy", policy);
    expect([exitCode, stderr]).toEqual([2, "http://127.0.0.1:1: It cannot be reached.\n"]);
  });

  it.each([
    { name: "a path without a token", options: ["--path", "/me"], said: "--path is for a token" },
    { name: "a path without a slash", options: ["--path", "me", "--token-file", "token"], said: "start with a slash" },
  ])("refuses $name", async ({ options, said }) => {
    const run = await smoke("--policy", policy, ...options.map((it) => (it === "token" ? token : it)));
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  it("has all of it as JSON", async () => {
    const { stdout } = await smoke("--policy", policy, "--json");
    const { url, checks } = JSON.parse(stdout);
    expect([url, checks.length]).toEqual([gateway.origin, 5]);
    expect(checks[0]).toEqual({ name: "ready", outcome: "ok", found: "every issuer has keys" });
  });
});
