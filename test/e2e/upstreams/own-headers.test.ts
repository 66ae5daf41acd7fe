/** Upstreams that insist on a secret header, and bindings on the way to them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, jsonOf, statusAndReason } from "../../support/e2e/call.ts";
import { sendLines } from "../../support/e2e/socket.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";

const SECRET = "s3cr3t-of-the-origin";
const STORED = "s3cr3t-of-the-store";
/** Every form in which a secret could stand in a text. */
const FORMS = [SECRET, STORED].flatMap((secret) => [
  secret,
  Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  Buffer.from(secret).toString("base64url"),
  Buffer.from(secret).toString("hex"),
  encodeURIComponent(secret),
]);

/** A Secrets Store: it fails for the secrets whose value says so. */
const STORE = `
import { WorkerEntrypoint } from "cloudflare:workers";
export default { fetch: () => new Response() };
export class StoredSecret extends WorkerEntrypoint {
  get() {
    const { value } = this.ctx.props;
    if (value.startsWith("fails ")) throw new Error("no secret " + value);
    return value;
  }
}`;
/** A binding with a \`fetch\`, which says what it got. */
const CARRIER = `
export default {
  async fetch(request) {
    return Response.json({ url: request.url, method: request.method, headers: Object.fromEntries(request.headers) });
  },
};`;

let upstream: TestUpstream;
let gateway: TestGateway;
/** How many requests have reached the upstream. */
let reached = 0;

beforeAll(async () => {
  upstream = await startUpstream();
  upstream.handler = (request, response) => {
    reached += 1;
    const { headers, rawHeaders } = request;
    const isKnown = headers["x-key"] === SECRET && headers["authorization"] === `Bearer ${STORED}`;
    response.writeHead(isKnown ? 200 : 401).end(JSON.stringify(rawHeaders.map((it) => it.toLowerCase())));
  };
  const keyed = { url: upstream.origin, allowHeaderNames: ["x_legacy"] };
  gateway = await startGateway({
    policy: {
      upstreams: {
        keyed: {
          ...keyed,
          headers: { "X-Key": { secret: "KEY" }, authorization: { secret: "STORED" }, "x-env": "test" },
        },
        broken: { ...keyed, headers: { "x-key": { secret: "BROKEN" } } },
        spaced: { ...keyed, headers: { "x-key": { secret: "SPACED" } } },
        erp: { url: "http://erp.internal:8080/api", via: "ERP", headers: { "x-key": { secret: "KEY" } } },
      },
      routes: ["keyed", "broken", "spaced", "erp"].map((name) => ({
        path: `/${name}/*`,
        methods: ["*"],
        public: true,
        upstream: name,
      })),
    },
    vars: { KEY: SECRET, STORED: `Bearer ${STORED}`, BROKEN: `fails ${SECRET}`, SPACED: `${SECRET} ` },
    storedSecrets: { names: ["STORED", "BROKEN", "SPACED"], worker: "store" },
    services: { ERP: "carrier" },
    workers: [
      { name: "store", script: STORE },
      { name: "carrier", script: CARRIER },
    ],
  });
});

afterAll(async () => {
  await Promise.all([gateway?.dispose(), upstream?.stop()]);
});

describe("an upstream that insists on secrets", () => {
  it("gets them, from the Worker and from a store", async () => {
    const answer = await call(gateway.origin, "POST /keyed/1", { body: "a" });
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"x-env","test"');
  });

  it("gets them on every method, and on upgrades too", async () => {
    for (const method of ["GET", "HEAD", "DELETE", "OPTIONS", "PROPFIND"]) {
      expect([method, (await call(gateway.origin, `${method} /keyed/1`)).status]).toEqual([method, 200]);
    }
    const upgrade = ["GET /keyed/1 HTTP/1.1", "Connection: close, Upgrade, X-Key", "Upgrade: websocket"];
    const key = ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
    expect(await sendLines(gateway.origin, [...upgrade, ...key])).toMatchObject({ status: 200 });
  });

  it.each([
    "X-Key: forged",
    "x-key: forged",
    "X_Key: forged",
    "x_key: forged",
    "X.Key: forged",
    "X~Key: forged",
    "X!KEY: forged",
    "Authorization: Bearer forged",
    "authorization: forged",
    "X-Env: forged",
    "X_Env: forged",
    "Connection: close, x-key, authorization, x-env",
  ])("gets no other from a caller: %s", async (line) => {
    const answer = await sendLines(gateway.origin, ["GET /keyed/1 HTTP/1.1", line]);
    expect(answer.status).toBe(200);
    expect(answer.body).not.toContain("forged");
  });

  it("gets other headers of callers as ever", async () => {
    const answer = await sendLines(gateway.origin, ["GET /keyed/1 HTTP/1.1", "X-Keys: kept", "X_Legacy: kept too"]);
    expect(answer.body).toContain('"x-keys","kept"');
    expect(answer.body).toContain('"x_legacy","kept too"');
  });
});

describe("a secret of a store", () => {
  it.each([
    { path: "/broken/1", expected: "502 upstream-unreachable", detail: "The secret BROKEN could not be read." },
    {
      path: "/spaced/1",
      expected: "500 policy-invalid",
      detail: expect.stringContaining("The secret SPACED is empty, or"),
    },
  ])("that cannot be used refuses the request, and nothing is sent: $path", async ({ path, expected, detail }) => {
    const before = reached;
    const id = path.replaceAll("/", ".");
    const answer = await call(gateway.origin, `GET ${path}`, { headers: { "x-request-id": id } });
    expect(statusAndReason(answer)).toBe(expected);
    expect(reached).toBe(before);
    expect(await gateway.decision(id)).toMatchObject({ detail });
  });
});

describe("an upstream through a binding", () => {
  it("gets the URL's host, path and query, and the headers like any other", async () => {
    const answer = await call(gateway.origin, "PUT /erp/a%20b?c=%2f", { headers: { "x-key": "forged" } });
    expect(jsonOf(answer)).toMatchObject({
      url: "http://erp.internal:8080/api/erp/a%20b?c=%2f",
      method: "PUT",
      headers: { host: "erp.internal:8080", "x-key": SECRET, "x-forwarded-host": new URL(gateway.origin).host },
    });
  });
});

it("no log line has a secret in any form", async () => {
  await call(gateway.origin, "GET /broken/2", { headers: { "x-request-id": "last" } });
  await gateway.decision("last");
  const text = JSON.stringify(gateway.logs);
  expect(gateway.logs.length).toBeGreaterThan(10);
  expect(FORMS.filter((form) => text.includes(form))).toEqual([]);
});

describe("a gateway whose environment lacks what its policy names", () => {
  const keyed = { url: "https://keyed.example", headers: { "x-key": { secret: "KEY" } } };
  it.each([
    { name: "a secret", upstream: keyed, vars: {} },
    { name: "a secret that is not empty", upstream: keyed, vars: { KEY: "" } },
    { name: "a secret without a line break", upstream: keyed, vars: { KEY: `${SECRET}\r\nx-admin: 1` } },
    { name: "a binding", upstream: { url: "http://erp.internal", via: "ERP" }, vars: {} },
    { name: "a binding that can fetch", upstream: { url: "http://erp.internal", via: "ERP" }, vars: { ERP: SECRET } },
  ])("serves nothing: $name", async ({ upstream: faulty, vars }) => {
    const { origin, logs, scheduled, dispose } = await startGateway({
      policy: {
        upstreams: { faulty, fine: { url: upstream.origin } },
        routes: [
          { path: "/faulty", methods: ["GET"], public: true, upstream: "faulty" },
          { path: "/fine", methods: ["GET"], public: true, upstream: "fine" },
        ],
      },
      vars,
    });
    try {
      const answers = [await call(origin, "GET /fine"), await call(origin, "GET /faulty")];
      expect(answers.map(statusAndReason)).toEqual(["500 policy-invalid", "500 policy-invalid"]);
      expect((await call(origin, "GET /_gateway/ready")).status).toBe(503);
      await scheduled();
      await expect.poll(() => JSON.stringify(logs)).toContain("$.upstreams.faulty.");
      expect(JSON.stringify([logs, answers])).not.toContain("s3cr3t");
    } finally {
      await dispose();
    }
  });
});
