/**
 * The time for what a caller sends must grow no faster than its length. These tests run in Node, because workerd's
 * clock stands still while a test computes.
 */
import { describe, expect, it } from "vitest";
import { allowedOrigins, allowsOrigin } from "../../src/http/allowed-origins.ts";
import { connectionOptions } from "../../src/http/connection-options.ts";
import { parseTraceparent } from "../../src/http/trace-context.ts";
import { MAX_PATH_BYTES, MAX_TOKEN_BYTES } from "../../src/limits.ts";
import { readMessage } from "../../src/mcp/message.ts";
import { parseStrictJson } from "../../src/mcp/strict-json.ts";
import { isNormalTemplate } from "../../src/policy/mcp/resource-uri.ts";
import { canonicalPath } from "../../src/policy/routing/canonical-path.ts";
import { parseJson } from "../../src/policy/source/parse-json.ts";
import { withoutTokens } from "../../src/telemetry/loggable.ts";
import { bearerToken } from "../../src/token/bearer.ts";
import { grantedScopes } from "../../src/token/granted-scopes.ts";
import { parseJws } from "../../src/token/jws.ts";
import { createAddressMaps } from "../../src/upstream/answer/map-addresses.ts";
import { encodeClaim } from "../../src/upstream/claim-headers.ts";
import { createHeaderFilter } from "../../src/upstream/request-headers.ts";
import { declare, EXAMPLE_SCOPES, issuerOf } from "../support/policy/example-policy.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

/** Ratio of the long input to the short one. Quadratic time takes 64 times 64 as long. */
const GROWTH = 64;
/** How far from linear a measurement may be: far more than a busy machine adds, far less than quadratic time. */
const SLACK = 20;
/** Long enough for the clock, and short enough for all cases together. */
const MEASURED_MS = 4;
const ROUNDS = 5;

/** Milliseconds that a call takes, the best of some rounds. */
function cost(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let calls = 0;
    let elapsed = 0;
    while (elapsed < MEASURED_MS) {
      work();
      calls += 1;
      elapsed = performance.now() - start;
    }
    best = Math.min(best, elapsed / calls);
  }
  return best;
}

/** `text` repeated to about this length, between a beginning and an end. */
const filled =
  (begin: string, text: string, end = "") =>
  (length: number) =>
    begin + text.repeat(Math.floor(length / text.length)) + end;

const part = (text: string): string => Buffer.from(text).toString("base64url");
const HEADER = part('{"alg":"RS256","kid":"k"}');
const isDropped = createHeaderFilter({ claimHeaders: [] });
const declared = declare(EXAMPLE_SCOPES);
const grants = [{ claim: ["groups"], byValue: new Map([["staff", [...declared.scopes.byFullName.keys()]]]) }];
const overlapping = ["/a/:x/a/:y", "/:x/a/:y/*", "/a/a/*", "/*", "/a/:x/", "/:x/a/", "/a/"];
const origins = allowedOrigins(["https://*.a.a", "https://*.pages.example:8443"]);
const { table } = compiled(
  policyFileWith({
    routes: overlapping.map((path) => ({ path, methods: ["GET"], public: true, upstream: "orders" })),
  }),
);
const stripping = compiled(
  policyFileWith({
    upstreams: { orders: { url: "https://orders.internal", stripPrefix: "/a" } },
    routes: [{ path: "/a/*", methods: ["*"], public: true, upstream: "orders" }],
  }),
);
const mapAddressesOf = createAddressMaps(stripping);

/** Maps one cookie of the answer to a request. */
function mapCookie(cookie: string): void {
  const url = new URL("https://gw.example/a/b");
  const route = stripping.table.match(url.pathname)?.anyMethod;
  if (route === undefined) throw new Error("No route serves the path.");
  const answered = { route, path: url.pathname, sentPath: "/b", gatewayOrigin: url.origin, url };
  mapAddressesOf(route.upstream)?.(new Headers({ "set-cookie": cookie }), answered);
}

interface Growing {
  readonly name: string;
  readonly input: (length: number) => string;
  readonly work: (input: string) => unknown;
  /** Length of the long input; the short one is `GROWTH` times shorter. */
  readonly longest: number;
}

const UNBOUNDED = 256 * 1024;

const cases: readonly Growing[] = [
  ...[
    filled("/", "a"),
    filled("/", "a/"),
    filled("/", "%41"),
    filled("/", "%C3%A9"),
    filled("/", "%25"),
    filled("/", "%", "zz"),
    filled("/", ".", "/x"),
    filled("/", "./a"),
    filled("/", "a;"),
    filled("/", ";%3B", "/.."),
    filled("/", "/"),
    filled("/", "%c2", "%9f"),
    filled("/x", "/..x", "/.."),
    filled("/a", ";"),
    filled("/a", "%3B"),
    filled("/a", ";%3b", "%2F"),
    filled("/a", "%2F;"),
  ].flatMap((input) => [
    { name: "canonicalPath", input, work: (path: string) => canonicalPath(path), longest: 3 * MAX_PATH_BYTES - 16 },
    {
      name: "canonicalPath with encoded slashes",
      input,
      work: (path: string) => canonicalPath(path, true),
      longest: 3 * MAX_PATH_BYTES - 16,
    },
  ]),
  ...[
    filled("https://", "a", ".a.a"),
    filled("https://", "a."),
    filled("https://", "-a"),
    filled("", "https://a."),
  ].map((input) => ({
    name: "allowsOrigin",
    input,
    work: (text: string) => allowsOrigin(origins, text),
    longest: UNBOUNDED,
  })),
  ...[filled("/a", "/a"), filled("/a", "/a", "/"), filled("/a", ";x"), filled("/", "%C3%A9")].map((input) => ({
    name: "match",
    input,
    work: (path: string) => table.match(path),
    longest: MAX_PATH_BYTES - 16,
  })),
  ...[
    filled("Bearer ", "a"),
    filled("Bearer ", "=", "!"),
    filled("Bearer ", "a=", "!"),
    filled("Bearer", " ", "!"),
    filled("Basic ", ", "),
    filled("Basic,", " ", "beare"),
    filled("Basic ", ",bearer", "x"),
  ].map((input) => ({ name: "bearerToken", input, work: bearerToken, longest: UNBOUNDED })),
  ...[
    filled("", "."),
    filled(`${HEADER}.`, "A", ".A"),
    filled(`${HEADER}.e30.`, "A"),
    (length: number) => `${HEADER}.${part(filled('{"a":', "[")(length))}.AA`,
    (length: number) => `${HEADER}.${part(filled('{"a":"', "é", '"}')(length))}.AA`,
    (length: number) => `${HEADER}.${part(filled("{", '"a":1,', '"b":1}')(length))}.AA`,
    (length: number) => `${part(filled('{"alg":"', "\\u0041", '"}')(length))}.e30.AA`,
  ].map((input) => ({ name: "parseJws", input, work: parseJws, longest: MAX_TOKEN_BYTES })),
  ...[filled("", " "), filled("", "a "), filled("", "read:products ")].map((input) => ({
    name: "grantedScopes",
    input,
    work: (scope: string) => grantedScopes({ scope }, issuerOf({ scopeNames: "short" }), declared, undefined),
    longest: MAX_TOKEN_BYTES,
  })),
  ...[
    (text: string) => text.split(" "),
    (text: string) => Object.fromEntries(text.split(" ").map((name, at) => [name + at, true])),
  ].map((groupsOf) => ({
    name: "grantedScopes with grants",
    input: filled("staff", " staff"),
    work: (text: string) => grantedScopes({ groups: groupsOf(text) }, issuerOf({ grants }), declared, undefined),
    longest: MAX_TOKEN_BYTES,
  })),
  ...[filled("", "é"), filled("", "%"), filled("", " "), filled("", "\ud800")].map((input) => ({
    name: "encodeClaim",
    input,
    work: encodeClaim,
    longest: UNBOUNDED,
  })),
  {
    name: "encodeClaim",
    input: filled("", "a,"),
    work: (text) => encodeClaim(text.split(",")),
    longest: UNBOUNDED,
  },
  ...[filled("", ","), filled("", "a, "), filled("a", " ", "b"), filled("", "a")].map((input) => ({
    name: "connectionOptions",
    input,
    work: (connection: string) => connectionOptions(new Headers({ connection })),
    longest: UNBOUNDED,
  })),
  ...[filled("x", "-"), filled("x-auth", "_")].map((input) => ({
    name: "the header filter",
    input,
    work: isDropped,
    longest: UNBOUNDED,
  })),
  {
    name: "parseTraceparent",
    input: filled(`01-${"1".repeat(32)}-${"1".repeat(16)}-01-`, "-"),
    work: parseTraceparent,
    longest: UNBOUNDED,
  },
  ...[
    filled("", "["),
    filled("", " "),
    filled("", " ", "x"),
    filled('"', "a"),
    filled('"', "\\u0041"),
    filled("[", "1,", "1]"),
    filled("", "1"),
    filled("[", "\n"),
  ].map((input) => ({ name: "parseJson", input, work: parseJson, longest: UNBOUNDED })),
  ...[
    filled("", "["),
    filled('"', "\\"),
    filled('"', '\\"'),
    filled('{"', "\\", '":1}'),
    filled('{"x":1', ',"\ufdfa":1', "}"),
    filled('{"', "\ufdfa", '":1}'),
    filled('{"', "\\u0000", '":1}'),
    filled('{"jsonrpc":"2.0","method":"', "m", '"}'),
    filled('{"jsonrpc":"2.0","id":"', "i", '"}'),
  ].map((input) => ({
    name: "a message of MCP",
    input,
    work: (text: string) => {
      const json = parseStrictJson(new TextEncoder().encode(text));
      return json.ok && readMessage(json.value);
    },
    longest: UNBOUNDED,
  })),
  ...[
    filled("", "a"),
    filled("a:", "%25", "2E"),
    filled("a:", "%2525"),
    filled("a:", "/..%"),
    filled("a:", ";"),
    filled("a:", "{a"),
    filled("a:", "{a}"),
    filled("https://a/", "/x"),
    filled("https://", "a."),
  ].map((input) => ({ name: "isNormalTemplate", input, work: isNormalTemplate, longest: UNBOUNDED })),
  ...[
    filled("", "ey-"),
    filled("", "ew-", ".a.b"),
    filled("a.b.", "-ey"),
    filled("", "ey-aaaaaaaaaaaaaa."),
    filled("", "eyJ"),
    filled("", "bearer "),
    filled("bearer", " "),
  ].map((input) => ({ name: "withoutTokens", input, work: withoutTokens, longest: UNBOUNDED })),
  ...[
    filled("a=b;", " ", "x"),
    filled("a=b; path", " ", "x"),
    filled("a=b; path=/", " ", "x"),
    filled("a=b; domain=", " x"),
    filled("a=b", "; path=/"),
  ].map((input) => ({
    name: "mapCookie",
    input,
    work: mapCookie,
    longest: UNBOUNDED,
  })),
];

describe("the time that it takes grows no faster than the input", () => {
  it.each(cases.map((growing) => ({ ...growing, sample: JSON.stringify(growing.input(24)).slice(0, 60) })))(
    "$name: $sample",
    ({ input, work, longest }) => {
      const [short, long] = [input(longest / GROWTH), input(longest)];
      // An input that is refused at once takes the same time at any length, too little to compare with.
      const shortMs = Math.max(
        cost(() => work(short)),
        0.000_5,
      );
      expect(cost(() => work(long)) / shortMs).toBeLessThan(GROWTH * SLACK);
    },
  );

  it("and a search that takes the square of it would be noticed", () => {
    const square = (text: string) => /a*!/.test(text);
    const input = filled("", "a");
    expect(cost(() => square(input(8_192))) / cost(() => square(input(8_192 / GROWTH)))).toBeGreaterThan(
      GROWTH * SLACK,
    );
  });
});
