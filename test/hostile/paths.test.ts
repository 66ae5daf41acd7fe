/**
 * Paths over raw sockets against the built Worker. The tests check an invariant, not a list of answers: the upstream
 * never gets a path which, read in any common way, its caller has no right to.
 */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { WireAnswer } from "../support/e2e/socket.ts";
import { type Caller, type HostileWorld, startHostileWorld } from "../support/hostile/hostile-world.ts";
import { forbiddenReadings } from "../support/hostile/path-invariant.ts";
import { auditRequest } from "../support/hostile/upstream-audit.ts";
import { readVectors } from "../support/vectors/vectors.ts";

interface PathCase {
  readonly id: string;
  readonly raw_path: string;
  readonly technique: string;
  readonly method?: string;
}

const CALLERS = ["nobody", "reader", "admin"] as const;

let world: HostileWorld;
beforeAll(async () => {
  world = await startHostileWorld();
});
afterAll(() => world?.dispose());
beforeEach(() => {
  world.upstream.received.length = 0;
});

function ask(caller: Caller, target: string, method = "GET"): Promise<WireAnswer | undefined> {
  const authorization = caller === "nobody" ? "" : `Authorization: Bearer ${world.tokens[caller]}\r\n`;
  return world.send(`${method} ${target} HTTP/1.1\r\nHost: ${world.host}\r\nConnection: close\r\n${authorization}\r\n`);
}

/** The faults of the requests that the upstream has received from one caller. */
function faultsOf(caller: Caller): readonly string[] {
  return world.upstream.received.flatMap((request) => {
    const claims = request.target.startsWith("/anon/") ? {} : world.claims[caller];
    const readings = forbiddenReadings(caller, request.target).map(
      (path) => `${request.target} may be read as ${path}`,
    );
    return [...auditRequest(request, claims), ...readings];
  });
}

describe("the invariant", () => {
  it.each([
    { caller: "reader", target: "/public/../admin/x" },
    { caller: "reader", target: "/public/%2e%2e%2fadmin/x" },
    { caller: "reader", target: "/public/%252e%252e/admin/x" },
    { caller: "reader", target: "/public/..;/admin/x" },
    { caller: "reader", target: "/public/..;a=b\\admin\\x" },
    { caller: "reader", target: "//admin/x" },
    { caller: "reader", target: "/ADMIN/x" },
    { caller: "reader", target: "/admin%00.css" },
    { caller: "reader", target: "/nested/%61dmin/x" },
    { caller: "nobody", target: "/anon/../public/x" },
    { caller: "admin", target: "/admin/../public/x" },
    { caller: "reader", target: "/slash/." },
    { caller: "reader", target: "/slash/x/;v=1" },
    { caller: "reader", target: "/slash%2F" },
    { caller: "admin", target: "/slash" },
    { caller: "reader", target: "/stripped/x/../admin/x" },
    { caller: "reader", target: "/stripped/../admin/x" },
    { caller: "reader", target: "/built/items/a/../../store/locked/x" },
    { caller: "reader", target: "/built/items/7/delete" },
    { caller: "reader", target: "/cut/x" },
    { caller: "admin", target: "/built/items/7/view" },
  ] as const)("catches $target in the hands of a $caller", ({ caller, target }) => {
    expect(forbiddenReadings(caller, target)).not.toEqual([]);
  });

  it.each([
    { caller: "reader", target: "/public/x?../admin" },
    { caller: "reader", target: "/public/administrator" },
    { caller: "reader", target: "/nested/x/admin/y" },
    { caller: "reader", target: "/files/secrets" },
    { caller: "admin", target: "/admin/../admin/x" },
    { caller: "nobody", target: "/anon/x" },
    { caller: "reader", target: "/slash?/" },
    { caller: "reader", target: "/slash/x" },
    { caller: "admin", target: "/slash/x/" },
  ] as const)("has nothing against $target in the hands of a $caller", ({ caller, target }) => {
    expect(forbiddenReadings(caller, target)).toEqual([]);
  });
});

const cases = readVectors<PathCase>("paths.json");
describe.skipIf(cases.length === 0).each(CALLERS)("a path of the vectors, asked for by %s", (caller) => {
  it.for(cases)("never becomes one that the caller may not ask for: $id $technique", async (vector, { annotate }) => {
    const answer = await ask(caller, vector.raw_path, vector.method);
    expect(faultsOf(caller)).toEqual([]);
    expect(world.upstream.received).toHaveLength(answer?.status === 200 ? 1 : 0);
    if (!answer?.headers.has("x-request-id")) await annotate("refused by workerd's own parser", "platform");
    else expect(answer.status).toBeLessThan(500);
  });
});

describe("a trailing slash, which the reader may not ask for, is told from its lack in every spelling", () => {
  it.each([
    { target: "/slash", status: 200 },
    { target: "/slash?/", status: 200 },
    { target: "/slash/x", status: 200 },
    { target: "/slash/x?y/", status: 200 },
    { target: "/slash/.x", status: 200 },
    { target: "/slash/", status: 403 },
    { target: "/slash/?x", status: 403 },
    { target: "/slash/.", status: 403 },
    { target: "/slash/%2e", status: 403 },
    { target: "/slash/x/..", status: 403 },
    { target: "/slash/x/../", status: 403 },
    { target: "/slash\\", status: 403 },
    { target: "/%73lash/", status: 403 },
    { target: "/slash/x/", status: 403 },
    { target: "/slash/x/.", status: 403 },
    { target: "/slash//", status: 400 },
    { target: "//slash/", status: 400 },
    { target: "/slash%2F", status: 400 },
    { target: "/slash%5C", status: 400 },
    { target: "/slash%252F", status: 400 },
    { target: "/slash/;", status: 400 },
    { target: "/slash;/", status: 400 },
    { target: "/slash/x;v=1/", status: 400 },
    { target: "/slash/%3B", status: 400 },
    { target: "/slash/x/;", status: 400 },
    { target: "/slash/x//", status: 400 },
    { target: "/slash/x/y/", status: 404 },
    { target: "/SLASH/", status: 404 },
  ])("$target: $status", async ({ target, status }) => {
    expect((await ask("reader", target))?.status).toBe(status);
    expect(faultsOf("reader")).toEqual([]);
    expect(world.upstream.received).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe("an encoded slash reaches only the upstream that takes it, in a segment that no literal names", () => {
  it.each([
    { target: "/packages/@own%2fname", reached: "/packages/@own%2Fname" },
    { target: "/packages/secret%2Fx", reached: "/packages/secret%2Fx" },
    { target: "/packages/a%2Fsecret", reached: "/packages/a%2Fsecret" },
    { target: "/packages/a/b%2Fc?x=/", reached: "/packages/a/b%2Fc?x=/" },
    { target: "/trees/a%2Fb/c%2Fd/", reached: "/trees/a%2Fb/c%2Fd/" },
    { target: "/trees/x/../secret%2Fx", reached: "/trees/secret%2Fx" },
  ])("$target", async ({ target, reached }) => {
    expect((await ask("reader", target))?.status).toBe(200);
    expect(world.upstream.received.map((request) => request.target)).toEqual([reached]);
    expect(faultsOf("reader")).toEqual([]);
  });

  it.each([
    ...[
      "/packages%2Fsecret",
      "/packages%2F/secret",
      "/packages/%2Fsecret",
      "/packages/secret%2F",
      "/packages/secret%2F/",
    ],
    ...["/packages/x%2F..%2Fsecret", "/packages/x%2F../secret", "/packages/..%2Fadmin", "/packages/%2e%2e%2Fadmin%2Fx"],
    ...["/packages/.%2Fsecret", "/packages/x%2F%2Fsecret", "/packages/x%2f.", "/packages/x%2F..", "/packages/x%252Fy"],
    ...["/packages/x%2F..;/secret", "/packages/x%2F;/secret", "/packages/x;%2F..%2Fsecret", "/packages/x%2Fy;v=1"],
    ...["/packages/x%2F%5C..%5Csecret", "/packages/x%2F%00", "/packages/x%2F%2e%2e%2fsecret", "/trees%2Fsecret"],
    ...["/trees/secret%2F", "/trees/x%2F..%2F..%2Fadmin%2Fx", "/trees/x%2F/y"],
    ...["/public/a%2Fb", "/public%2Fa", "/nested/a%2Fadmin", "/slash%2Fx", "/anon/a%2Fb", "/_gateway%2Fhealth"],
  ])("%s is refused", async (target) => {
    for (const spelled of [target, target.replaceAll("%2F", "%2f")]) {
      expect((await ask("reader", spelled))?.status).toBeGreaterThanOrEqual(400);
    }
    expect(world.upstream.received).toEqual([]);
  });

  it.each(["nobody", "admin"] as const)("and nothing of it opens a route to %s", async (caller) => {
    const answer = await ask(caller, "/packages/a%2Fb");
    expect(answer?.status).toBe(caller === "nobody" ? 401 : 403);
    expect(world.upstream.received).toEqual([]);
  });
});

describe("a rewritten path is what was matched, rewritten as the policy says", () => {
  it.each([
    { target: "/cut", reached: "/stripped" },
    { target: "/cut?x", reached: "/stripped?x" },
    { target: "/cut/a/b/?/../", reached: "/stripped/a/b/?/../" },
    { target: "/%63ut/a", reached: "/stripped/a" },
    { target: "/x/../cut/caf%c3%a9", reached: "/stripped/caf%C3%A9" },
    { target: "/cut/cut/a", reached: "/stripped/cut/a" },
    { target: "/items/7", reached: "/built/items/7/view" },
    { target: "/items/a%2Fb", reached: "/built/items/a%2Fb/view" },
    { target: "/items/%2A?view", reached: "/built/items/%2A/view?view" },
    { target: "/twice/a/b", reached: "/built/items/b/b/a" },
    { target: "/store/a/b/", reached: "/built/store/a/b/" },
    { target: "/store/lockedx", reached: "/built/store/lockedx" },
  ])("$target becomes $reached", async ({ target, reached }) => {
    expect((await ask("reader", target))?.status).toBe(200);
    expect(world.upstream.received.map((request) => request.target)).toEqual([reached]);
    expect(faultsOf("reader")).toEqual([]);
  });

  it.each([
    ...["/cut/../admin/x", "/cut/x/../admin/x", "/cut/%2e%2e/x", "/cut/..%2Fx", "/cut//x", "/cut/a%2Fb", "/cut;v=1/x"],
    ...["/cut%2Fx", "/cutx", "/cut/admin/x", "/items/..", "/items/%2e%2e", "/items/x%2F..", "/items/x%2Fdelete%2F"],
    ...["/items/7/delete", "/items/", "/items/7/view", "/items//7", "/items/7;v=1", "/items/%252e%252e"],
    ...["/twice/../x", "/twice/a", "/store/locked/x", "/store/x/../locked/x", "/store//locked/x", "/store/%6cocked/x"],
    ...["/store", "/store/", "/store/./", "/store/..;/x", "/built/items/7/view", "/stripped/x"],
  ])("%s reaches nothing", async (target) => {
    expect((await ask("reader", target))?.status).toBeGreaterThanOrEqual(400);
    expect(world.upstream.received).toEqual([]);
  });
});

/** What bypasses are made of. */
const PREFIX = [
  ...["/cut", "/items", "/items/x", "/store", "/twice/x"],
  ...["/packages", "/packages/x%2Fy", "/trees", "/anon/x"],
  ...["", "/public", "/anon", "/nested", "/nested/x", "/files", "/files/x", "/slash", "/slash/x"],
  "http://evil.example/public",
];
const TRICK = [
  ...["/", "//", "/./", "/../", "/.", "/..", "\\", "\\..\\", "/x/..", "/*", "/~", "/:", "/@", "/+", "/&"],
  ...["/%2e/", "/%2e%2e/", "/.%2E/", "%2f", "%2F..%2f", "%5c", "..%5c", "/%c0%ae%c0%ae/", "%c0%af", "%e0%80%af"],
  ...["%ef%bc%8f", "%ef%bc%8e%ef%bc%8e/", "%25", "/%252e%252e/", "%252f", "%255c", "%25%32%66", "/%2%65/", "%u002e"],
  ...[";", ";a=b", "/;/", "/..;/", "/..;x=1/", "/.;/", "%3b", "/..%3b/", "/%2e%2e;/", ";%2f..%2f", "..;\\"],
  ...["%00", "%0a", "%0d%0a", "%09", "%20", "%7f", "%c2%85", "\xa0", "\xc3\xa9", "%", "%4", "%zz"],
  ...["?", "?/../", "%3f", "#", "%23", "//evil.example/", "/x@", "%40"],
] as const;
const GOAL = [
  ...["/admin/secret", "admin/secret", "/%61dmin/secret", "/ADMIN/secret", "/%2561dmin/x", "/admin%2fsecret", "/admin"],
  ...[
    "/secret",
    "secret",
    "/secre%74",
    "/secret/",
    "/secret;x",
    "/secret%3bx",
    "/secret.",
    "/public/x",
    "/nested/admin/x",
    "/locked/x",
    "/7/delete",
  ],
  ...["/x", "/"],
];

const bypass = fc
  .tuple(fc.constantFrom(...PREFIX), fc.array(fc.constantFrom(...TRICK), { maxLength: 4 }), fc.constantFrom(...GOAL))
  .map(([prefix, tricks, goal]) => prefix + tricks.join("") + goal)
  .filter((target) => target !== "");

const SEED = 20_261_124;
const GENERATED = 1_000;

describe.each(CALLERS)("a path that is made up, asked for by %s", (caller) => {
  it("never becomes one that the caller may not ask for", async ({ annotate }) => {
    let reached = 0;
    const targets = fc.sample(bypass, { seed: SEED + CALLERS.indexOf(caller), numRuns: GENERATED });
    for (const target of targets) {
      world.upstream.received.length = 0;
      await ask(caller, target);
      expect({ target, faults: faultsOf(caller) }).toEqual({ target, faults: [] });
      expect(world.upstream.received.length).toBeLessThanOrEqual(1);
      reached += world.upstream.received.length;
    }
    // The upstream must have received something, or the test proves nothing.
    expect(reached).toBeGreaterThan(GENERATED / 100);
    await annotate(`${reached} of ${GENERATED} reached the upstream`);
  }, 60_000);
});
