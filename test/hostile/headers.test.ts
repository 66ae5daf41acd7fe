/**
 * Header lines over raw sockets against the built Worker. The upstream may never get a header under the gateway's names
 * that the gateway did not write, a second request, or a second framing.
 */
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call } from "../support/e2e/call.ts";
import type { WireAnswer } from "../support/e2e/socket.ts";
import { type HostileWorld, startHostileWorld } from "../support/hostile/hostile-world.ts";
import { USUAL_ANSWER } from "../support/hostile/raw-upstream.ts";
import { auditRequest } from "../support/hostile/upstream-audit.ts";
import { readVectors } from "../support/vectors/vectors.ts";

interface HeaderCase {
  readonly id: string;
  readonly technique: string;
  readonly side?: "response";
  readonly method: string;
  readonly path: string;
  readonly raw_lines: readonly string[];
  readonly host_line?: string;
  readonly body?: string;
  readonly expect: string;
}

let world: HostileWorld;
let tokens: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await startHostileWorld();
  const { reader, admin } = world.tokens;
  tokens = {
    READ: reader,
    ADMIN: admin,
    EXPIRED: await world.token({ exp: 1 }),
    BADSIG: `${reader.slice(0, reader.lastIndexOf(".") + 1)}${"A".repeat(86)}`,
    NO_ROLES: await world.token({ scope: undefined }),
  };
});
afterAll(() => world?.dispose());
beforeEach(() => {
  world.upstream.received.length = 0;
});

const get = (path: string, lines: readonly string[]): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${world.host}\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;

/** The faults in the requests that the upstream has received from a reader. */
function faults(): readonly string[] {
  return world.upstream.received.flatMap((request) =>
    auditRequest(request, request.target.startsWith("/anon/") ? {} : world.claims.reader),
  );
}

describe("the audit", () => {
  const clean: readonly (readonly [string, string])[] = [
    ["host", "a"],
    ["via", "1.1 scopegate"],
    ["x-request-id", "1"],
    ["traceparent", "t"],
    ["x-auth-subject", "user%2D1"],
  ];
  const audit = (...fields: readonly (readonly [string, string])[]) =>
    auditRequest(
      { method: "GET", target: "/x", fields: [...clean, ...fields], body: "" },
      { "x-auth-subject": "user-1" },
    );

  it("accepts what the gateway writes", () => {
    expect(audit(["accept", "*/*"], ["cookie", "a=b"], ["x-mine", "x"], ["content-length", "0"])).toEqual([]);
  });

  it.each<readonly (readonly [string, string])[]>([
    [["X_Auth_Subject", "root"]],
    [["x-auth-subject", "user-1"]],
    [["x.auth.scopes", ""]],
    [["X-Forwarded-Host", "a"]],
    [["x_forwarded_for", "a"]],
    [["x-forwarded-for", "a"]],
    [["authorization", "Bearer a.b.c"]],
    [["TE", "trailers"]],
    [["x-http-method_override", "DELETE"]],
    [["via", "1.1 other"]],
    [["bad name", "x"]],
    [["transfer-encoding", "cow, chunked"]],
    [
      ["transfer-encoding", "chunked"],
      ["content-length", "3"],
    ],
  ])("catches %j", (...fields) => {
    expect(audit(...fields)).not.toEqual([]);
  });
});

/** Inserts tokens, and replaces the claim headers of the vectors by the gateway's own. */
function adapted(text: string): string {
  return text
    .replace(/__([A-Z_]+?)__/g, (all, name: string) => tokens[name] ?? all)
    .replace(/claim(?=[^A-Za-z0-9]?(?:sub|scope|iss|aud|jti|roles|email|client|nonexistent))/gi, (word) =>
      word.startsWith("C") ? "Auth" : "auth",
    )
    .replace(/(auth[^A-Za-z0-9]?)sub(?![a-z])/gi, "$1subject")
    .replace(/(auth[^A-Za-z0-9]?)scope(?![a-z])/gi, "$1scopes");
}

/** The vectors for which the gateway differs from the label, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "h-207": "a token in the query is no credential, and the query is the caller's to write, so it is passed on",
};

const vectors = readVectors<HeaderCase>("headers.json");
const requests = vectors.filter(({ side }) => side !== "response");

describe.skipIf(vectors.length === 0)("header lines of the vectors", () => {
  it.for(requests)("never become a header of the gateway: $id $technique", async (vector, { annotate }) => {
    const { id, method, path, raw_lines, host_line = `Host: ${world.host}`, body = "" } = vector;
    const lines = [`${method} ${adapted(path)} HTTP/1.1`, host_line, ...raw_lines.map(adapted)];
    const answer = await world.send(`${lines.join("\r\n")}\r\n\r\n${body}`);
    expect(faults()).toEqual([]);
    expect(world.upstream.received).toHaveLength(answer?.status === 200 ? 1 : 0);
    if (!answer?.headers.has("x-request-id")) {
      await annotate("refused by workerd's own parser", "platform");
      return;
    }
    expect(answer.status).toBeLessThan(500);
    const exception = EXCEPTIONS[id];
    if (exception !== undefined) {
      await annotate(exception);
      return;
    }
    expect({ id, permitted: answer.status === 200 }).toBeOneOf(
      allowedBy(vector).map((permitted) => ({ id, permitted })),
    );
    if (answer.status === 401) expect(answer.headers.get("www-authenticate")?.[0]).toMatch(/^Bearer /);
  });
});

/** Whether the label allows the request to be permitted, to be refused (400 or 401), or both. */
function allowedBy({ expect: label }: HeaderCase): readonly boolean[] {
  const [clause = ""] = label.split(/, never|;/);
  const statuses: readonly string[] = clause.match(/\b[2-4]\d\d\b/g) ?? [];
  if (!/^[2-4]\d\d/.test(label)) return [true, false];
  return [
    ...(statuses.includes("200") || /ignored/.test(clause) ? [true] : []),
    ...(statuses.some((status) => status.startsWith("4")) || /close/.test(label) ? [false] : []),
    // Transfer codings: the label permits one request in a framing of the gateway's own.
    ...(/exactly one upstream request/.test(label) ? [true] : []),
  ];
}

describe.skipIf(vectors.length === 0)("an answer of the vectors", () => {
  afterEach(() => {
    world.upstream.answer = USUAL_ANSWER;
    world.upstream.closesAfterAnswer = false;
  });

  it.each(vectors.filter(({ side }) => side === "response"))(
    "is passed on or mapped: $id $technique",
    async (vector) => {
      world.upstream.answer = answerOf(vector);
      world.upstream.closesAfterAnswer = true;
      const answer = await world.send(
        get(vector.path, [`Authorization: Bearer ${world.tokens.reader}`, "Connection: close"]),
      );
      expectHarmless(answer, vector);
      expect(world.upstream.received).toHaveLength(1);
    },
  );

  it.each(vectors.filter(({ technique }) => /chunked truncated|longer than body/.test(technique)))(
    "that is cut off does not look complete to the caller: $id $technique",
    async (vector) => {
      world.upstream.answer = answerOf(vector);
      world.upstream.closesAfterAnswer = true;
      const answer = call(`http://${world.host}`, "GET /public/x", { token: world.tokens["reader"] });
      await expect(answer).rejects.toThrow(/aborted|ECONNRESET|hang up/);
    },
  );
});

it("an extra answer of an upstream never answers another request", async () => {
  world.upstream.answer = `${USUAL_ANSWER}HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nother`;
  for (const path of ["/anon/1", "/anon/2", "/anon/3"]) {
    expect((await world.send(get(path, ["Connection: close"])))?.body).not.toContain("other");
  }
  world.upstream.answer = USUAL_ANSWER;
});

function answerOf({ technique, raw_lines }: HeaderCase): string {
  const [line = ""] = raw_lines;
  if (line.startsWith("status ")) return `HTTP/1.1 ${line.slice(7)} Of the upstream\r\ncontent-length: 0\r\n\r\n`;
  if (technique.endsWith("with trailers")) {
    return "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-late\r\n\r\n2\r\nok\r\n0\r\nx-late: 1\r\n\r\n";
  }
  if (technique.endsWith("chunked truncated")) return "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nok";
  if (technique.endsWith("longer than body")) return "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nok";
  if (technique.endsWith("on one connection"))
    return `${USUAL_ANSWER}HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nother`;
  const length = raw_lines.some((it) => /^content-length:/i.test(it)) ? [] : ["content-length: 5"];
  return `HTTP/1.1 200 OK\r\n${[...raw_lines, ...length].join("\r\n")}\r\n\r\nhello`;
}

function expectHarmless(answer: WireAnswer | undefined, { raw_lines }: HeaderCase): void {
  const upstreamHost = new URL(world.upstream.origin).host;
  expect(answer?.body).not.toContain(upstreamHost);
  expect(answer?.body).not.toContain("other");
  if (answer === undefined) throw new Error("The caller got no answer.");
  expect(answer.headers.get("x-request-id")).toHaveLength(1);
  for (const name of ["upgrade", "keep-alive", "trailer", "te"]) expect(answer.headers.has(name)).toBe(false);
  expect(answer.headers.get("connection") ?? ["close"]).toEqual(["close"]);
  const [, status] = /^status (\d+)/.exec(raw_lines[0] ?? "") ?? [];
  if (status !== undefined) expect(answer.status).toBe(Number(status));
  const challenge = raw_lines.find((line) => line.startsWith("WWW-Authenticate: "))?.slice("WWW-Authenticate: ".length);
  expect(answer.headers.get("www-authenticate")).toEqual(challenge === undefined ? undefined : [challenge]);
  const location = raw_lines.find((line) => line.startsWith("Location: "))?.slice("Location: ".length);
  expect(answer.headers.get("location")).toEqual(location === undefined ? undefined : [location]);
}

/** Header names that some upstream reads as one of the gateway's, and similar names. */
const separator = fc.constantFrom(..."-_.!#$%&'*+^`|~", "--", "");
const anyCase = (word: string) => fc.mixedCase(fc.constant(word), { toggleCase: (letter) => letter.toUpperCase() });
const spoofedName = fc
  .tuple(
    fc.constantFrom(
      ...["x auth subject", "x auth scopes", "x auth client id", "x auth issuer", "x auth token id", "x auth role"],
      ...["x forwarded for", "x forwarded host", "x forwarded proto", "x forwarded user", "forwarded", "via"],
      ...["x original url", "x rewrite url", "x http method override", "x method override", "x http method"],
      ...["x request id", "traceparent", "tracestate", "proxy authorization", "te", "upgrade", "keep alive"],
    ),
    fc.array(separator, { minLength: 3, maxLength: 3 }),
  )
  .chain(([words, separators]) => {
    let next = 0;
    return anyCase(words.replace(/ /g, () => separators[next++] ?? "-"));
  });
const value = fc.constantFrom(
  "eve",
  "root, admin",
  "",
  " x ",
  "\xff\xfe",
  "a=b;c",
  "close",
  "00-0-0-00",
  "x".repeat(300),
);
const spoofedLine = fc.tuple(spoofedName, fc.constantFrom(":", ": ", ":\t"), value).map((parts) => parts.join(""));
const connectionLine = fc
  .array(
    fc.oneof(spoofedName, fc.constantFrom("close", "authorization", "host", "x-auth-subject", "x-request-id", ",")),
  )
  .map((names) => `Connection: close, ${names.join(", ")}`);
const hostileLines = fc.tuple(
  fc.array(spoofedLine, { minLength: 1, maxLength: 6 }),
  fc.array(connectionLine, { maxLength: 2 }),
  fc.boolean(),
);

const SEED = 20_261_124;
const GENERATED = 600;

describe.each(["/public/x", "/anon/x"])("generated header lines, sent to %s", (path) => {
  it("never become a header of the gateway", async () => {
    const samples = fc.sample(hostileLines, { seed: SEED + path.length, numRuns: GENERATED });
    let reached = 0;
    for (const [spoofs, connections, isFirst] of samples) {
      world.upstream.received.length = 0;
      const authorization = `Authorization: Bearer ${world.tokens.reader}`;
      const hostile = [...spoofs, ...connections];
      const lines = isFirst ? [...hostile, authorization] : [authorization, ...hostile];
      const answer = await world.send(get(path, [...lines, "Connection: close"]));
      expect({ lines: hostile, faults: faults() }).toEqual({ lines: hostile, faults: [] });
      expect(world.upstream.received).toHaveLength(answer?.status === 200 ? 1 : 0);
      reached += world.upstream.received.length;
    }
    expect(reached).toBeGreaterThan(GENERATED / 2);
  }, 60_000);
});

describe("a second request", () => {
  const hidden = "GET /admin/secret HTTP/1.1\r\nHost: a.example\r\n\r\n";
  it.each([
    { name: "behind a chunked body", fields: ["Transfer-Encoding: chunked"], body: `0\r\n\r\n${hidden}` },
    { name: "behind a body of a known length", fields: ["Content-Length: 2"], body: `ok${hidden}` },
    { name: "in a body of a known length", fields: [`Content-Length: ${hidden.length}`], body: hidden },
    {
      name: "in a chunk",
      fields: ["Transfer-Encoding: chunked"],
      body: `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
    },
    { name: "in a trailer", fields: ["Transfer-Encoding: chunked"], body: `0\r\n${hidden}\r\n` },
    { name: "in a chunk extension", fields: ["Transfer-Encoding: chunked"], body: `1;a="\r\nx\r\n0\r\n\r\n${hidden}` },
    {
      name: "behind two framings",
      fields: ["Content-Length: 4", "Transfer-Encoding: chunked"],
      body: `0\r\n\r\n${hidden}`,
    },
    { name: "behind no body", fields: [], body: hidden },
  ])("$name is decided on by itself, or is no request", async ({ fields, body }) => {
    const authorization = `Authorization: Bearer ${world.tokens.reader}`;
    const head = ["POST /public/x HTTP/1.1", `Host: ${world.host}`, authorization, ...fields].join("\r\n");
    const answer = await world.send(`${head}\r\n\r\n${body}`);
    expect(world.upstream.received.map(({ target }) => target)).toEqual(answer?.status === 200 ? ["/public/x"] : []);
    expect(faults()).toEqual([]);
  });
});
