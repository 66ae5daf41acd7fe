import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../../../src/cli/args/exit-code.ts";
import { gatewayOrigin } from "../../../src/cli/live/ask-gateway.ts";
import { readReady } from "../../../src/cli/live/read-ready.ts";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { startServer, type TestServer } from "../../support/e2e/test-server.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const scratch = scratchDirectory();
const policy = scratch.write("routes.json", exampleFile());

let server: TestServer;
let answer: { readonly status: number; readonly body: unknown; readonly location?: string };
const asked: string[] = [];
beforeAll(async () => {
  server = await startServer((request, response) => {
    asked.push(request.url ?? "");
    const { status, body, location } = answer;
    response.writeHead(status, location === undefined ? {} : { location });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
});
afterAll(() => server.stop());

describe("readReady", () => {
  const issuers = {
    main: { usable: true },
    other: { usable: false, lastError: "It is down." },
    new: { usable: false },
  };

  it.each([
    {
      name: "a gateway that is ready",
      answer: { status: 200, body: { status: "ready", policy: DIGEST, issuers: { main: { usable: true } } } },
      expected: { isReady: true, digest: DIGEST, issuersWithoutKeys: [] },
    },
    {
      name: "a gateway that lacks keys",
      answer: { status: 503, body: { status: "not-ready", policy: DIGEST, issuers } },
      expected: { isReady: false, digest: DIGEST, issuersWithoutKeys: ["other (It is down.)", "new"] },
    },
    {
      name: "a gateway whose policy is invalid",
      answer: { status: 503, body: { status: "not-ready", policy: "invalid" } },
      expected: { isReady: false, digest: undefined, issuersWithoutKeys: [] },
    },
  ])("reads the answer of $name", async ({ answer: given, expected }) => {
    answer = given;
    expect(await readReady(server.origin)).toEqual({ ok: true, value: { origin: server.origin, ...expected } });
  });

  it.each([
    { name: "an older gateway", answer: { status: 200, body: { status: "ready", issuers } }, said: "older version" },
    { name: "another site", answer: { status: 200, body: "<html>" }, said: "Something else answers" },
    { name: "no such path", answer: { status: 404, body: {} }, said: "answers 404" },
    { name: "a short digest", answer: { status: 200, body: { policy: "sha256:ab" } }, said: "Something else" },
    {
      name: "an invalid policy that is ready",
      answer: { status: 200, body: { policy: "invalid" } },
      said: "Something",
    },
    { name: "a host that is not served", answer: { status: 421, body: {} }, said: "does not serve this host" },
    {
      name: "a redirect, which is not followed",
      answer: { status: 302, body: "", location: "/elsewhere" },
      said: "answers 302",
    },
    { name: "an endless answer", answer: { status: 200, body: " ".repeat(2 ** 21) }, said: "Something else" },
  ])("finds no gateway at $name", async ({ answer: given, said }) => {
    answer = given;
    expect(await readReady(server.origin)).toEqual({
      ok: false,
      failure: { isReached: true, message: expect.stringContaining(said) },
    });
    expect(asked).not.toContain("/elsewhere");
    const run = await scopegate("deployed", server.origin, "--policy", policy);
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining(said)]);
  });

  it("fails where nothing answers", async () => {
    const failure = { isReached: false, message: "http://127.0.0.1:1: It cannot be reached." };
    expect(await readReady("http://127.0.0.1:1")).toEqual({ ok: false, failure });
  });
});

describe("gatewayOrigin", () => {
  it.each([
    { text: "https://api.example.com", expected: "https://api.example.com" },
    { text: "https://API.example.com/", expected: "https://api.example.com" },
    { text: "http://127.0.0.1:8787", expected: "http://127.0.0.1:8787" },
  ])("takes $text", ({ text, expected }) => {
    expect(gatewayOrigin(text)).toBe(expected);
  });

  it.each([
    { text: "api.example.com", said: "not an absolute URL" },
    { text: "http://api.example.com", said: "neither https nor http on loopback" },
    { text: "https://user:secret@api.example.com", said: "user name or password" },
    { text: "https://api.example.com/orders", said: "Write https://api.example.com." },
    { text: "https://api.example.com/?x", said: "Write https://api.example.com." },
  ])("refuses $text", ({ text, said }) => {
    const error = thrownBy(() => gatewayOrigin(text));
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(said);
    expect(String(error)).not.toContain("secret");
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
