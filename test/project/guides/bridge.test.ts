/** The Worker that the guide puts between the gateway and an upstream which demands more than a URL. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, jsonOf, statusAndReason } from "../../support/e2e/call.ts";
import { gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { NOWHERE, startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile, ROOT } from "../../support/project/project-files.ts";

const shown = codeBlocks(projectFile("docs/guides/production.md"));

/** As the guide shows it. */
const BRIDGE = shown.find(({ language }) => language === "js")?.text ?? "";

/** Its `wrangler.toml`, as the guide shows it. */
const BRIDGE_WRANGLER = shown.find(({ text }) => text.includes('main = "bridge.js"'))?.text ?? "";

/** As the guide says for a client certificate or a VPC service. */
const BOUND_BRIDGE = BRIDGE.replace(/^.*cf-access-.*\n/gm, "").replace(
  "fetch(onward",
  "env.ORIGIN_BINDING.fetch(onward",
);

/** Takes the place of a binding that reaches a private origin. */
const PRIVATE_ORIGIN = `
export default {
  async fetch(request) {
    return Response.json({ url: request.url, subject: request.headers.get("x-auth-subject") });
  },
};`;

const SECRETS = { ACCESS_CLIENT_ID: "id.access", ACCESS_CLIENT_SECRET: "secret" };

let issuer: TestIssuer;
let upstream: TestUpstream;
let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  const route = (name: string) => ({ path: `/${name}/*`, methods: ["*"], authenticated: true, upstream: name });
  gateway = await startGateway({
    policy: gatewayPolicy(issuer, upstream, {
      upstreams: { access: { service: "ACCESS" }, bound: { service: "BOUND" }, gone: { service: "GONE" } },
      routes: ["access", "bound", "gone"].map(route),
    }),
    services: { ACCESS: "access", BOUND: "bound", GONE: "gone" },
    workers: [
      { name: "access", script: BRIDGE, port: "none", vars: { ...SECRETS, ORIGIN: upstream.origin } },
      { name: "gone", script: BRIDGE, port: "none", vars: { ...SECRETS, ORIGIN: NOWHERE } },
      {
        name: "bound",
        script: BOUND_BRIDGE,
        port: "none",
        vars: { ORIGIN: "https://orders.internal" },
        services: { ORIGIN_BINDING: "private" },
      },
      { name: "private", script: PRIVATE_ORIGIN, port: "none" },
    ],
  });
  token = await issuer.token();
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop(), issuer?.stop()]);
});

beforeEach(() => {
  upstream.received.length = 0;
  upstream.handler = undefined;
});

describe("the bridge of the guide", () => {
  it("sends what the gateway permits to the origin, with the service token and the claims", async () => {
    const headers = { "cf-access-client-id": "forged", "cf-access-client-secret": "forged", "x-auth-subject": "root" };
    const answer = await call(gateway.origin, "POST /access/7/items?page=2&a=%2F", {
      token,
      headers,
      body: "an order",
    });
    expect(statusAndReason(answer)).toBe("200");
    expect(upstream.received).toMatchObject([
      {
        method: "POST",
        target: "/access/7/items?page=2&a=%2F",
        body: "an order",
        headers: {
          "cf-access-client-id": "id.access",
          "cf-access-client-secret": "secret",
          "cache-control": "no-cache",
          "x-auth-subject": "user-1",
        },
      },
    ]);
    expect(upstream.received[0]?.headers).not.toHaveProperty("authorization");
  });

  it("gets nothing that the gateway refuses", async () => {
    expect(statusAndReason(await call(gateway.origin, "GET /access/7"))).toBe("401 credentials-missing");
    expect(statusAndReason(await call(gateway.origin, "GET /access//7", { token }))).toBe("400 path-ambiguous");
    expect(upstream.received).toEqual([]);
  });

  it("passes on the origin's redirects, as the gateway does", async () => {
    upstream.handler = (_request, response) => response.writeHead(302, { location: "https://login.example/" }).end();
    const answer = await call(gateway.origin, "GET /access/7", { token });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://login.example/"]);
  });

  it("is an upstream that cannot be reached if its origin is down", async () => {
    expect(statusAndReason(await call(gateway.origin, "GET /gone/7", { token }))).toBe("502 upstream-unreachable");
  });

  it("calls a private origin through a binding, in the place of fetch", async () => {
    const answer = await call(gateway.origin, "GET /bound/7?page=2", { token });
    expect(jsonOf(answer)).toEqual({ url: "https://orders.internal/bound/7?page=2", subject: "user-1" });
  });

  it("is a Worker that wrangler would deploy", async () => {
    const folder = await mkdtemp(join(tmpdir(), "scopegate-bridge-"));
    try {
      await writeFile(join(folder, "bridge.js"), BRIDGE);
      await writeFile(join(folder, "wrangler.toml"), BRIDGE_WRANGLER);
      const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
      const { stdout } = await promisify(execFile)(process.execPath, [wrangler, "deploy", "--dry-run"], {
        cwd: folder,
      });
      expect(stdout).toContain('env.ORIGIN ("https://orders.internal.acme.dev")');
      expect(stdout).not.toContain("WARNING");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
