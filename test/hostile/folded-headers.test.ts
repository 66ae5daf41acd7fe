/**
 * Header lines over raw sockets, read by a stand-in for a WSGI server: what it makes of a name must not let a caller
 * choose another path, method, address or user than the gateway decided on.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type HostileWorld, startHostileWorld } from "../support/hostile/hostile-world.ts";
import { auditRequest } from "../support/hostile/upstream-audit.ts";
import { wsgiEnviron } from "../support/hostile/wsgi-environ.ts";

let world: HostileWorld;

beforeAll(async () => {
  world = await startHostileWorld();
});
afterAll(() => world?.dispose());
beforeEach(() => {
  world.upstream.received.length = 0;
});

const send = (path: string, lines: readonly string[]) =>
  world.send([`GET ${path} HTTP/1.1`, `Host: ${world.host}`, "Connection: close", ...lines, "", ""].join("\r\n"));

describe("the stand-in", () => {
  const read = (...fields: (readonly [string, string])[]) =>
    wsgiEnviron({ method: "GET", target: "/anon/admin?q", fields, body: "" });

  it.each([
    {
      name: "reads the path of the request",
      fields: [],
      expected: { path: "/anon/admin", method: "GET", scheme: "http" },
    },
    { name: "takes a mount point from SCRIPT_NAME", fields: [["SCRIPT_NAME", "/anon"]], expected: { path: "/admin" } },
    { name: "takes it in any case", fields: [["script_name", "/anon"]], expected: { path: "/admin" } },
    { name: "takes it from a middleware", fields: [["X-Script-Name", "/anon"]], expected: { path: "/admin" } },
    { name: "takes a path from PATH_INFO", fields: [["PATH_INFO", "/admin"]], expected: { path: "/admin" } },
    { name: "takes a path from a rewriter", fields: [["X_Original_URL", "/admin"]], expected: { path: "/admin" } },
    { name: "takes another method", fields: [["x_http_method_override", "PUT"]], expected: { method: "PUT" } },
    { name: "takes a scheme", fields: [["X-Scheme", "https"]], expected: { scheme: "https" } },
    {
      name: "cannot tell spellings apart",
      fields: [
        ["CF-Connecting-IP", "192.0.2.1"],
        ["CF_Connecting_IP", "10.0.0.1"],
      ],
      expected: { variables: { HTTP_CF_CONNECTING_IP: "192.0.2.1,10.0.0.1" } },
    },
  ] as const)("$name", ({ fields, expected }) => {
    expect(read(...fields)).toMatchObject(expected);
  });
});

const FORGED = "forged-by-the-caller";

describe.each(["/anon/admin/x", "/public/x"])("to an application at %s", (path) => {
  const authorization = () => (path.startsWith("/anon") ? [] : [`Authorization: Bearer ${world.tokens.reader}`]);
  const mount = path.slice(0, path.indexOf("/", 1));

  it.each([
    ...["SCRIPT_NAME", "script_name", "Script_Name", "SCRIPT-NAME", "X-Script-Name", "X_SCRIPT_NAME", "x.script.name"],
  ])("%s moves no path", async (name) => {
    const answer = await send(path, [`${name}: ${mount}`, ...authorization()]);
    expect(answer?.status).toBe(200);
    expect(world.upstream.received.map((request) => wsgiEnviron(request).path)).toEqual([path]);
  });

  it.each([
    ...["PATH_INFO", "Path-Info", "X-Original-URL", "X_Original_URL", "x~rewrite~url", "X-Rewrite-URI"],
    ...["X_HTTP_METHOD_OVERRIDE", "X-Original-Method", "X_Scheme", "X-Scheme", "X-Sendfile-Type", "X_Accel_Mapping"],
    ...["REMOTE_USER", "Remote-User", "remote.groups", "X-Remote-User", "X_Auth_Request_Email", "OIDC_CLAIM_sub"],
    ...["CF_Connecting_IP", "CF.Connecting.IP", "X-Forward-For", "X_Real_IP", "Fastly-Client-IP", "X-Azure-ClientIP"],
    ...["Cf-Access-Jwt-Assertion", "X-Goog-IAP-JWT-Assertion", "X-Amzn-Oidc-Data", "Tailscale-User-Login"],
    ...["Txn-Token", "txn_token", "DPoP", "X_Legacy", "Cookie_", "ho.st"],
    ...["Cloudflare-Workers-Version-Overrides", "cloudflare_workers_version_key", "Cloudflare.Workers.Version.Any"],
  ])("%s says nothing", async (name) => {
    const answer = await send(path, [`${name}: ${FORGED}`, ...authorization()]);
    expect(answer?.status).toBe(200);
    expect(world.upstream.received).toHaveLength(1);
    const [request] = world.upstream.received;
    const environ = request && wsgiEnviron(request);
    expect(environ).toMatchObject({ path, method: "GET", scheme: "http" });
    expect(JSON.stringify(environ)).not.toContain(FORGED);
    expect(request && auditRequest(request, path.startsWith("/anon") ? {} : world.claims.reader)).toEqual([]);
  });
});
