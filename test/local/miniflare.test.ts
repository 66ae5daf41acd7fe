import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { COMPATIBILITY_DATE, type LocalWorker, type RunningWorkers, startWorkers } from "../../src/local/miniflare.ts";
import { freePorts, isPortFree } from "../../src/local/ports.ts";
import { rawRequest } from "../../src/local/raw-request.ts";
import { GATEWAY_CRON, GATEWAY_FLAGS } from "../../src/local/stack-workers.ts";
import type { WorkerLog } from "../../src/local/worker-logs.ts";
import { ROOT, SHOP_WRANGLER } from "../support/project/project-files.ts";

const ECHO: LocalWorker = {
  name: "echo",
  kv: ["KV"],
  d1: ["DB"],
  services: { OTHER: "other" },
  vars: (urls) => ({ OTHER_URL: urls["other"] ?? "" }),
  script: `
    export default {
      async fetch(request, env) {
        const { pathname } = new URL(request.url);
        if (request.headers.get("upgrade") === "websocket") {
          const [client, server] = Object.values(new WebSocketPair());
          server.accept();
          server.addEventListener("message", ({ data }) => server.send(data.toUpperCase()));
          return new Response(null, { status: 101, webSocket: client });
        }
        if (pathname === "/other-by-binding") return env.OTHER.fetch(request);
        if (pathname === "/other-by-url") return fetch(env.OTHER_URL);
        if (pathname === "/count") {
          const count = Number((await env.KV.get("count")) ?? 0) + 1;
          await env.KV.put("count", String(count));
          return Response.json(count);
        }
        if (pathname === "/log") console.warn({ event: "x", deep: { a: { b: { c: ["d"] } } } }, 1);
        if (pathname === "/throw") throw new TypeError("by intention");
        return Response.json({ url: request.url, headers: [...request.headers] });
      },
      async scheduled({ cron, scheduledTime }) {
        if (cron === "throw") throw new Error("no");
        console.log(cron, scheduledTime);
      },
    };`,
};
const OTHER: LocalWorker = { name: "other", script: `export default { fetch: () => new Response("other") }` };

let workers: RunningWorkers;
let origin: string;
let onLog: (log: WorkerLog) => void = () => undefined;

beforeAll(async () => {
  workers = await startWorkers({ workers: [ECHO, OTHER], onLog: (log) => onLog(log) });
  origin = String(workers.urls["echo"]);
});
afterAll(() => workers.dispose());

const textOf = async (path: string, at = origin) => (await fetch(`${at}${path}`)).text();
const nextLog = () => new Promise<WorkerLog>((resolve) => (onLog = resolve));

describe("a request", () => {
  it.each(["//x", "/a/%2e%2e/b", "/a/../b", "/a\\b", "/a;b?c=%zz"])(
    "reaches the Worker with the path %s as it stands",
    async (path) => {
      const { body } = await rawRequest({ origin, path });
      expect(JSON.parse(body)).toMatchObject({ url: `${origin}${path}` });
    },
  );

  it("reaches the Worker with exactly the header lines that were sent", async () => {
    const headers = {
      connection: "close, x-mine",
      "x-mine": "1",
      x_auth_subject: "eve",
      "cf-connecting-ip": "192.0.2.1",
    };
    const { body } = await rawRequest({ origin, path: "/", headers });
    expect(JSON.parse(body)).toMatchObject({
      headers: [
        ["cf-connecting-ip", "192.0.2.1"],
        ["connection", "close, x-mine"],
        ["host", new URL(origin).host],
        ["x-mine", "1"],
        ["x_auth_subject", "eve"],
      ],
    });
  });

  it("may become a WebSocket", async () => {
    const socket = new WebSocket(origin.replace("http", "ws"));
    const answer = await new Promise((resolve, reject) => {
      socket.addEventListener("open", () => socket.send("hello"));
      socket.addEventListener("message", ({ data }) => resolve(data));
      socket.addEventListener("error", reject);
    });
    socket.close();
    expect(answer).toBe("HELLO");
  });

  it("may be passed on by service binding and by address", async () => {
    expect(await textOf("/other-by-binding")).toBe("other");
    expect(await textOf("/other-by-url")).toBe("other");
  });
});

describe("the log", () => {
  it("keeps objects whole and says whose they are", async () => {
    const log = nextLog();
    await textOf("/log");
    const message = [{ event: "x", deep: { a: { b: { c: ["d"] } } } }, 1];
    expect(await log).toEqual({ worker: "echo", level: "warn", message });
  });

  it("holds exceptions that leave the Worker", async () => {
    const log = nextLog();
    expect((await fetch(`${origin}/throw`)).status).toBe(500);
    expect(await log).toMatchObject({
      worker: "echo",
      level: "error",
      message: ["TypeError: by intention", expect.any(String)],
    });
  });
});

it("fires a cron trigger at the time that is given", async () => {
  const log = nextLog();
  expect(await workers.scheduled("echo", "*/5 * * * *", new Date(300_000))).toBe("ok");
  expect(await log).toMatchObject({ message: ["*/5 * * * *", 300_000] });
  expect(await workers.scheduled("echo", "throw")).toBe("exception");
});

describe("a reload", () => {
  it("replaces the script, and keeps the port and what was stored", async () => {
    expect(await textOf("/count")).toBe("1");
    await workers.reload([{ ...ECHO, script: ECHO.script.replace("+ 1", "+ 10") }, OTHER]);
    expect(workers.urls["echo"]).toBe(origin);
    expect(await textOf("/count")).toBe("11");
    await workers.reload([ECHO, OTHER]);
  });

  it("stops a Worker that is no longer listed", async () => {
    const other = String(workers.urls["other"]);
    expect(await textOf("/", other)).toBe("other");
    const { services: _, ...alone } = ECHO;
    await workers.reload([alone]);
    await expect(fetch(other)).rejects.toThrow("fetch failed");
    expect((await fetch(origin)).status).toBe(200);
    await workers.reload([ECHO, OTHER]);
    expect(await textOf("/", other)).toBe("other");
  });

  it("rejects with the runtime's complaint when a script does not load, and can be reloaded with one that does", async () => {
    await expect(workers.reload([{ ...OTHER, script: "export default {" }])).rejects.toThrow("SyntaxError");
    await workers.reload([ECHO, OTHER]);
    expect(await textOf("/other-by-binding")).toBe("other");
  });
});

describe("starting", () => {
  it("keeps what was stored when it is told where", async () => {
    const persist = await mkdtemp(join(tmpdir(), "scopegate-"));
    for (const expected of ["1", "2"]) {
      const started = await startWorkers({ workers: [ECHO, OTHER], persist });
      expect(await textOf("/count", started.urls["echo"])).toBe(expected);
      await started.dispose();
      await started.dispose();
    }
    await rm(persist, { recursive: true });
  });

  it("uses the port that is given, and rejects when it is taken", async () => {
    const [port = 0] = await freePorts(1);
    const started = await startWorkers({ workers: [{ ...OTHER, port }] });
    expect(started.urls).toEqual({ other: `http://127.0.0.1:${port}` });
    await expect(startWorkers({ workers: [{ ...OTHER, port }] })).rejects.toMatchObject({ code: "ERR_ADDRESS_IN_USE" });
    await started.dispose();
    expect(await isPortFree(port)).toBe(true);
  });

  it("finds out whether a port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });
});

it.each([undefined, "staging", "production"])("runs what wrangler deploys of the shop, environment %s", (env) => {
  const config: unknown = readConfig({ config: join(ROOT, SHOP_WRANGLER), env }, { hideWarnings: true });
  expect(config).toMatchObject({
    compatibility_date: COMPATIBILITY_DATE,
    compatibility_flags: GATEWAY_FLAGS,
    triggers: { crons: [GATEWAY_CRON] },
  });
});
