/** Every spelling of a path, on every host: the gateway does what the documented rules say. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createGateway } from "../src/gateway.ts";
import { type MatchedFile, plainlyExpected } from "./support/policy/plain-matching.ts";
import { compiled } from "./support/policy/policy-file.ts";
import { randomHostPolicyFile } from "./support/policy/random-hosts.ts";
import { randomPolicyFile, runs } from "./support/policy/random-policy.ts";

const PLAIN = ["a", "b", "c", "%61", "A", "a%20", "%C3%A9"];
const ODD = [
  ...["a%2Fb", "b%2fa", "%2F", "a%2F", "%2Fa", "a%2F%2Fb", "a%2F..", "..%2Fa", "a%2F.%2Fb", "a%2F%2e%2E"],
  ...["a;x", "a;", ";x", "a;x%2Fy", "a%2Fb;x", "a%3Bx", "a%2F;x", "a%2F..;x", "..;", ".;x", "..%3B", "a;.."],
  ...["..", ".", "%2e", "%2E%2e", "%252F", "%25%32F", "%5C", "a\\b", "%00", "%C2%85", "%ff", "%C0%AF", "%zz", "%", ""],
];
const segment = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...PLAIN) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD) },
);
const path = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "", "/", "?q=%2F..", "/?"))
  .map(([segments, end]) => `/${segments.join("/")}${end}`);
const asked = fc.record({
  host: fc.constantFrom("a.example", "b.example", "c.example", "d.example"),
  method: fc.constantFrom("GET", "HEAD", "POST", "PATCH", "OPTIONS"),
  path,
});

/** The same routes, all public: only the path, the method and the host decide. */
function opened({ upstreams, routes, ...rest }: MatchedFile) {
  const isPublic = routes.map(({ path: pattern, methods, hosts, upstream }) => {
    return { path: pattern, methods, upstream, public: true, ...(hosts && { hosts }) };
  });
  return { ...(rest.hosts && { hosts: rest.hosts }), upstreams, routes: isPublic };
}

test("a request reaches what the rules say, under the one spelling of its path, or is refused as they say", async () => {
  const found = new Set<number>();
  const files = fc.oneof(randomHostPolicyFile, randomPolicyFile);
  await fc.assert(
    fc.asyncProperty(files, fc.array(asked, { minLength: 10, maxLength: 10 }), async (random, requests) => {
      const file = opened(random);
      const reached: string[] = [];
      const serve = createGateway({
        policy: compiled(file),
        log: () => {},
        version: undefined,
        now: Date.now,
        authenticate: () => {
          throw new Error("a public route reads no credentials");
        },
        serveEndpoint: () => new Response(),
        fetcherOf: () => async (input) => {
          reached.push(typeof input === "string" ? input : input.url);
          return new Response();
        },
        setOwnHeaders: () => undefined,
        limitPauses: (response) => response,
      });
      for (const { host, method, path: target } of requests) {
        reached.length = 0;
        const url = new URL(`https://${host}${target}`);
        const { status } = await serve(new Request(url, { method }), () => {});
        const expected = plainlyExpected(file, host, method, url.pathname);
        const happened = reached[0]?.replace(/\?.*$/, "") ?? status;
        expect([method, url.href, happened]).toEqual([method, url.href, expected]);
        expect(reached).toHaveLength(typeof expected === "string" ? 1 : 0);
        found.add(typeof expected === "string" ? 200 : expected);
      }
    }),
    runs(400),
  );
  expect([...found].sort()).toEqual([200, 400, 404, 405, 421]);
});
