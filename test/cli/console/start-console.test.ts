import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { MAX_STREAMS } from "../../../src/cli/console/event-stream.ts";
import { ANSWER_HEADERS } from "../../../src/cli/console/guard.ts";
import { policyOfFiles } from "../../../src/cli/console/policy-of-files.ts";
import { type RunningConsole, startConsole } from "../../../src/cli/console/start-console.ts";
import { VIEWS } from "../../../src/cli/console/views.ts";
import { askConsole, askConsoleRaw, type ConsoleQuestion } from "../../support/cli/ask-console.ts";
import { exampleFile, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const file = scratch.write("routes.json", exampleFile());
const start = (port = 0, policy = file) =>
  startConsole({ policy: policyOfFiles(policy, undefined), day: () => "2027-02-01", port, portOption: "port" });

let own: RunningConsole;
const ask = (question?: ConsoleQuestion) => askConsole(own.url, question);

beforeAll(async () => {
  own = await start();
});
afterAll(() => own.close());

/** A form that `/why` answers. */
const QUESTION = "method=GET&path=/elsewhere&token=abc";
const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("every answer has the headers that keep other sites out", () => {
  it.each([
    ...VIEWS.map(({ path }) => ({ name: `the page ${path}`, question: { target: path }, expected: 200 })),
    { name: "a page by HEAD", question: { method: "HEAD" }, expected: 200 },
    { name: "the script", question: { target: "/assets/console.js" }, expected: 200 },
    { name: "the style sheet", question: { target: "/assets/console.css" }, expected: 200 },
    { name: "a form", question: { method: "POST", target: "/why", headers: FORM, body: QUESTION }, expected: 200 },
    { name: "no such page", question: { target: "/elsewhere" }, expected: 404 },
    { name: "a page with a slash at its end", question: { target: "/why/" }, expected: 404 },
    { name: "a path with two slashes", question: { target: "//why" }, expected: 404 },
    { name: "a path that climbs", question: { target: "/assets/../../package.json" }, expected: 404 },
    {
      name: "an encoded path that climbs",
      question: { target: "/assets/%2e%2e%2f%2e%2e%2fpackage.json" },
      expected: 404,
    },
    { name: "a path with a NUL", question: { target: "/assets/console.js%00.html" }, expected: 404 },
    { name: "a source", question: { target: "/assets/console.ts" }, expected: 404 },
    { name: "a path that is no UTF-8", question: { target: "/%ff" }, expected: 404 },
    { name: "a form to a page that takes none", question: { method: "POST", headers: FORM }, expected: 405 },
    { name: "a form to a script", question: { method: "POST", target: "/assets/console.js" }, expected: 405 },
    { name: "another method", question: { method: "DELETE" }, expected: 405 },
    { name: "a preflight", question: { method: "OPTIONS" }, expected: 405 },
    { name: "a form in another format", question: { method: "POST", target: "/why", body: "{}" }, expected: 415 },
    {
      name: "a form with a type in another case and a charset",
      question: {
        method: "POST",
        target: "/why",
        headers: { "content-type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8" },
        body: QUESTION,
      },
      expected: 200,
    },
    {
      name: "a form as long as it may be",
      question: { method: "POST", target: "/why", headers: FORM, body: QUESTION.padEnd(256 * 1024, "&") },
      expected: 200,
    },
    {
      name: "a form that is a byte longer",
      question: { method: "POST", target: "/why", headers: FORM, body: QUESTION.padEnd(256 * 1024 + 1, "&") },
      expected: 413,
    },
    {
      name: "a long form in chunks, which tells no length",
      question: {
        method: "POST",
        target: "/why",
        headers: { ...FORM, "transfer-encoding": "chunked" },
        body: QUESTION.padEnd(256 * 1024 + 1, "&"),
      },
      expected: 413,
    },
    { name: "another host", question: { headers: { host: "evil.example" } }, expected: 421 },
    { name: "another origin", question: { headers: { origin: "https://evil.example" } }, expected: 403 },
    { name: "a script of another site", question: { headers: { "sec-fetch-site": "cross-site" } }, expected: 403 },
    { name: "an expectation", question: { headers: { expect: "anything" } }, expected: 200 },
    {
      name: "an expectation of another site",
      question: { headers: { expect: "anything", "sec-fetch-site": "cross-site" } },
      expected: 403,
    },
    { name: "a target in absolute form", question: { target: "http://evil.example/" }, expected: 400 },
  ])("$name: $expected", async ({ question, expected }) => {
    const { status, headers, text } = await ask(question);
    expect(status).toBe(expected);
    expect(headers).toMatchObject(ANSWER_HEADERS);
    expect(headers).not.toHaveProperty("access-control-allow-origin");
    expect(headers).not.toHaveProperty("set-cookie");
    if (expected !== 200) expect(text).not.toContain("/products");
  });

  it.each([
    { name: "no host", text: "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", expected: 421 },
    {
      name: "two hosts",
      text: (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      expected: 421,
    },
    { name: "no host in HTTP/1.0", text: "GET / HTTP/1.0\r\n\r\n", expected: 421 },
    { name: "no HTTP", text: "hello\r\n\r\n", expected: 400 },
    {
      name: "a broken header",
      text: (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nbroken\r\n\r\n`,
      expected: 400,
    },
    {
      name: "a body with two lengths",
      text: (host: string) =>
        `POST /why HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      expected: 400,
    },
    {
      name: "headers of over 16 KiB",
      text: (host: string) => `GET / HTTP/1.1\r\nHost: ${host}\r\nx: ${"a".repeat(17 * 1024)}\r\n\r\n`,
      expected: 431,
    },
  ])("$name: $expected", async ({ text, expected }) => {
    const host = new URL(own.url).host;
    const answer = await askConsoleRaw(own.url, typeof text === "string" ? text : text(host));
    expect(answer.startsWith(`HTTP/1.1 ${expected} `)).toBe(true);
    for (const [name, value] of Object.entries(ANSWER_HEADERS)) expect(answer).toContain(`${name}: ${value}\r\n`);
    expect(answer).not.toContain("/products");
  });

  it.each([
    { target: "/", expected: "GET, HEAD" },
    { target: "/why", expected: "GET, HEAD, POST" },
    { target: "/assets/console.js", expected: "GET, HEAD" },
  ])("$target says which methods it takes", async ({ target, expected }) => {
    const { status, headers } = await ask({ method: "PUT", target });
    expect([status, headers["allow"]]).toEqual([405, expected]);
  });
});

describe("a stream of events", () => {
  const streams = VIEWS.flatMap(({ path, events }) => (events === undefined ? [] : [`${path}/events`]));

  it("is what some views have", () => expect(streams).toContain("/change/events"));

  it.each(streams)("%s ends when the console closes, and has the headers of every answer", async (target) => {
    const running = await start();
    const { status, headers, body } = await fetch(running.url + target);
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({ ...ANSWER_HEADERS, "content-type": "text/event-stream" });
    const reader = body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await running.close();
    const untilItEnds = async () => {
      while ((await reader?.read())?.done === false);
    };
    // The connection is cut, so that a browser notices, too.
    await untilItEnds().catch((error) => expect(String(error)).toMatch(/terminated|closed/));
  });

  it("is refused beyond 32 at one time, by a page that says so, until one of them ends", async () => {
    const running = await start();
    const open = (at: number) => fetch(`${running.url}${streams[at % streams.length]}`);
    const opened: Response[] = [];
    for (let at = 0; at < MAX_STREAMS; at += 1) opened.push(await open(at));
    expect(opened.map(({ status }) => status)).toEqual(Array(32).fill(200));
    const { status, headers, text } = await askConsole(running.url, { target: "/change/events" });
    expect([status, headers["retry-after"], headers["content-type"]]).toEqual([503, "5", "text/html; charset=utf-8"]);
    expect(text).toContain("32 pages follow the console, which is the most that it allows. Close one of them.");
    expect(headers).toMatchObject(ANSWER_HEADERS);
    expect((await askConsole(running.url, { method: "HEAD", target: "/change/events" })).status).toBe(200);
    await opened[0]?.body?.cancel();
    await expect.poll(async () => (await open(0)).status).toBe(200);
    expect((await open(0)).status).toBe(503);
    await running.close();
  });

  it.each(streams)("%s does not begin by HEAD, and takes no other method", async (target) => {
    expect(await ask({ method: "HEAD", target })).toMatchObject({ status: 200, text: "" });
    const { status, headers } = await ask({ method: "POST", target, headers: FORM });
    expect([status, headers["allow"]]).toEqual([405, "GET, HEAD"]);
  });

  it.each(streams)("%s is refused to another site, also by a link", async (target) => {
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    expect((await ask({ target, headers: link })).status).toBe(403);
  });
});

describe("a page", () => {
  it.each(VIEWS)("$path marks itself in the navigation, and loads only what is its own", async ({ path, label }) => {
    const { text } = await ask({ target: path });
    expect(text).toContain(`<a href="${path}" aria-current="page">${label}</a>`);
    expect(text.match(/aria-current/g)).toHaveLength(1);
    const loaded = Array.from(
      text.matchAll(/<(?:script|link)[^>]*(?:src|href)="([^"]*)"/g),
      ([, address = ""]) => address,
    );
    expect(loaded).toContain("/assets/console.css");
    for (const address of loaded.filter((it) => !it.startsWith("data:"))) {
      expect(address).toMatch(/^\/assets\/[a-z]+\.(?:js|css)$/);
      expect((await ask({ target: address })).status).toBe(200);
    }
    expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
  });
});

describe("an error of the console itself", () => {
  it("shows no detail in the page, and nothing of a form in the terminal", async () => {
    const printed = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const broken = await startConsole({
      policy: {
        name: "routes.json",
        compile: () => Promise.reject(new TypeError("secret-of-the-message")),
        dependsOn: () => "",
      },
      day: () => "2027-02-01",
      port: 0,
      portOption: "port",
    });
    try {
      vi.spyOn(process, "cwd").mockReturnValue(scratch.path);
      const questions = [{}, { method: "POST", target: "/why", headers: FORM, body: "token=a" }];
      for (const question of questions) {
        const { status, text, headers } = await askConsole(broken.url, question);
        expect(status).toBe(500);
        expect(text).not.toMatch(/secret-of|TypeError|at .*:\d+/);
        expect(headers).toMatchObject(ANSWER_HEADERS);
      }
      const [byGet, byPost] = printed.mock.calls.map(([line]) => String(line));
      expect(byGet).toContain("secret-of-the-message");
      expect(byPost).toContain("TypeError while a form was answered");
      expect(byPost).not.toContain("secret-of-the-message");
    } finally {
      vi.restoreAllMocks();
      await broken.close();
    }
  });
});

describe("startConsole", () => {
  it("follows the file, and keeps the last valid version on view", async () => {
    const changing = scratch.write("changing.json", "{");
    const running = await start(0, changing);
    const read = async () => (await askConsole(running.url)).text;
    expect(await read()).toMatch(/No version of it has been valid[\s\S]*changing\.json:1:2: /);
    writeFileSync(changing, JSON.stringify(exampleFile()));
    expect(await read()).not.toContain("is invalid");
    writeFileSync(changing, JSON.stringify(exampleFile()).replace('"scopes":["write:orders"]', '"scopes":["<b>"]'));
    const page = await read();
    expect(page).toContain("This page shows the last valid version.");
    expect(page).toContain("&lt;b&gt;");
    expect(page).toContain("/products");
    await running.close();
  });

  it("fails with one line if the port is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(start(port)).rejects.toThrow(`Port ${port} (console) is in use. Choose another with --port.`);
    server.close();
  });

  it("listens on loopback only, and on nothing once it is closed", async () => {
    const running = await start();
    expect(running.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await running.close();
    await running.close();
    await expect(askConsole(running.url)).rejects.toThrow("ECONNREFUSED");
  });
});
