/** What every tool says of a message is what happens to it: with hosts, reports and conditions. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { Denial } from "../../../src/answer/denial.ts";
import { type Caller, nobody } from "../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import { askedMessage } from "../../../src/explain/message/asked-message.ts";
import { createGateway } from "../../../src/gateway.ts";
import { openMessage } from "../../../src/mcp/guarded-message.ts";
import type { Revision } from "../../../src/mcp/message-headers.ts";
import { accessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { policyAt } from "../../../src/policy/analysis/reports.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { runs } from "../../support/policy/random-policy.ts";

/** A requirement as the file has it, and as the reference reads it. */
interface Need {
  readonly written: Readonly<Record<string, unknown>>;
  readonly meets: (token: Token) => boolean;
}
interface Token {
  readonly scopes: readonly string[];
  readonly tier?: string;
}

const has = (scope: string) => (token: Token) => token.scopes.includes(scope);
const isGold = (token: Token) => token.tier === "gold";
const GOLD = { claim: "tier", in: ["gold"] };
const NEEDS: readonly Need[] = [
  { written: { authenticated: true }, meets: () => true },
  { written: { scopes: ["a"] }, meets: has("a") },
  { written: { scopes: ["b"] }, meets: has("b") },
  { written: { scopes: { allOf: ["a", "b"] } }, meets: (it) => has("a")(it) && has("b")(it) },
  { written: { scopes: { allOf: ["a", GOLD] } }, meets: (it) => has("a")(it) && isGold(it) },
  { written: { scopes: ["b", GOLD] }, meets: (it) => has("b")(it) || isGold(it) },
];
const TOKENS: readonly Token[] = [[], ["a"], ["b"], ["a", "b"]].flatMap((scopes) => [
  { scopes },
  { scopes, tier: "gold" },
  { scopes, tier: "tin" },
]);

type Table = Readonly<Record<string, Need>>;
interface Rules {
  readonly methods?: Table;
  readonly tools?: Table;
  readonly resources?: Table;
  readonly prompts?: Table;
  readonly streams?: Need;
  readonly replies?: Need;
}
interface Route {
  readonly hosts: readonly string[] | undefined;
  readonly until: string | undefined;
  readonly needs: Rules | Need;
}

const HOSTS = ["a.example", "b.example"];
const NOW_MS = Date.parse("2027-01-31T12:00:00Z");
const need = fc.constantFrom(...NEEDS);
const table = (...patterns: string[]) => fc.dictionary(fc.constantFrom(...patterns), need, { maxKeys: 3 });
const rules: fc.Arbitrary<Rules> = fc.record(
  {
    methods: table("tools/*", "tools/list", "ping", "*", "subscriptions/listen"),
    tools: table("get", "delete", "delete_all", "delete*", "d*", "*"),
    resources: table("o:1", "o:*", "o:secret/*"),
    prompts: table("sum", "s*"),
    streams: need,
    replies: need,
  },
  { requiredKeys: [] },
);
const route: fc.Arbitrary<Route> = fc.record({
  hosts: fc.constantFrom<readonly string[] | undefined>(undefined, ["a.example"], ["b.example"]),
  until: fc.constantFrom(undefined, undefined, "2027-01-30", "2027-01-31"),
  needs: fc.oneof(rules, rules, need),
});

const isNeed = (needs: Rules | Need): needs is Need => "written" in needs;
const writtenTable = (entries: Table) =>
  Object.fromEntries(Object.entries(entries).map(([name, { written }]) => [name, written]));
const writtenRules = ({ streams, replies, ...tables }: Rules) => ({
  ...Object.fromEntries(Object.entries(tables).map(([name, entries]) => [name, writtenTable(entries)])),
  ...(streams && { streams: streams.written }),
  ...(replies && { replies: replies.written }),
});

/** `undefined` for a file with a fault, such as two routes for one method on one host. */
function policyOf(routes: readonly Route[], guarantees: readonly unknown[] = []): Policy | undefined {
  const result = compilePolicy(
    {
      issuers: { main: { issuer: "https://issuer.example", profile: "generic", audiences: ["api"] } },
      resourceServers: { s: { scopes: { a: "", b: "" } } },
      clients: { one: { scopes: ["a"] }, two: { scopes: ["a", "b"] } },
      upstreams: { u: { url: "https://u.example" } },
      hosts: HOSTS,
      routes: routes.map(({ hosts, until, needs }) => ({
        path: "/mcp",
        upstream: "u",
        ...(hosts && { hosts }),
        ...(until && { report: { until } }),
        ...(isNeed(needs) ? { methods: ["POST"], ...needs.written } : { mcp: writtenRules(needs) }),
      })),
      guarantees,
    },
    {},
  );
  return result.ok ? policyAt(result.value, NOW_MS) : undefined;
}

/** A message: in the words of `explain mcp`, as JSON, and with what the tables decide it by. */
interface Sent {
  readonly words: readonly string[];
  readonly json: Readonly<Record<string, unknown>>;
  /** Each thing that it asks for. `undefined`: it is a reply. */
  readonly asks: readonly (readonly [table: "methods" | "tools" | "resources" | "prompts", name: string])[] | undefined;
  /** What `Mcp-Name` says. */
  readonly named?: string;
}

const call = (method: string, params?: unknown) => ({ jsonrpc: "2.0", id: "x", method, params });
const MESSAGES: readonly Sent[] = [
  ...["get", "Get", "delete", "delete_all", "delete_one", "dump", "zap"].map(
    (name): Sent => ({
      words: ["tools/call", name],
      json: call("tools/call", { arguments: { name: "get" }, name }),
      asks: [["tools", name]],
      named: name,
    }),
  ),
  ...["sum", "süm", "other"].map(
    (name): Sent => ({
      words: ["prompts/get", name],
      json: call("prompts/get", { name }),
      asks: [["prompts", name]],
      named: name === "süm" ? "=?base64?c8O8bQ==?=" : name,
    }),
  ),
  ...["o:1", "o:2", "o:secret/1", "p:1"].flatMap((uri): readonly Sent[] => [
    { words: ["resources/read", uri], json: call("resources/read", { uri }), asks: [["resources", uri]], named: uri },
    {
      words: ["resources/subscribe", uri],
      json: call("resources/subscribe", { uri }),
      asks: [["resources", uri]],
    },
    {
      words: ["completion/complete", "ref/resource", uri],
      json: call("completion/complete", { ref: { type: "ref/resource", uri } }),
      asks: [["resources", uri]],
    },
    {
      words: ["subscriptions/listen", "o:1", uri],
      json: call("subscriptions/listen", { notifications: { resourceSubscriptions: ["o:1", uri] } }),
      asks: [
        ["resources", "o:1"],
        ["resources", uri],
      ],
    },
  ]),
  {
    words: ["subscriptions/listen"],
    json: call("subscriptions/listen", {}),
    asks: [["methods", "subscriptions/listen"]],
  },
  ...["ping", "tools/list", "tools/other", "initialize"].map(
    (method): Sent => ({ words: [method], json: call(method), asks: [["methods", method]] }),
  ),
  {
    words: ["notifications/cancelled"],
    json: { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } },
    asks: [["methods", "notifications/cancelled"]],
  },
  { words: ["reply"], json: { jsonrpc: "2.0", id: 7, error: { code: 1, message: "no" } }, asks: undefined },
];
const REVISIONS = ["2025-06-18", "2026-07-28"] satisfies Revision[];

/** The entry that a person would find: the exact name, or else the longest beginning. */
function entryFor(entries: Table = {}, name: string): Need | undefined {
  const best = Object.keys(entries)
    .filter((it) => (it.endsWith("*") ? name.startsWith(it.slice(0, -1)) : it === name))
    .sort((one, other) => Number(one.endsWith("*")) - Number(other.endsWith("*")) || other.length - one.length)[0];
  return best === undefined ? undefined : entries[best];
}

function routeOf(routes: readonly Route[], host: string): Route | undefined {
  return routes.find(({ hosts }) => hosts?.includes(host)) ?? routes.find(({ hosts }) => hosts === undefined);
}

const isReporting = ({ until }: Route): boolean => until === "2027-01-31";

/** What a message requires, all of it. `undefined`: it is refused to everyone. */
function needsOf({ needs }: Route, { asks }: Sent): readonly Need[] | undefined {
  if (isNeed(needs)) return [needs];
  const found = asks === undefined ? [needs.replies] : asks.map(([kind, name]) => entryFor(needs[kind], name));
  return found.every((it) => it !== undefined) ? found : undefined;
}

/** Whether a request gets through, and else the status of its refusal. */
function expected(routes: readonly Route[], host: string, sent: Sent, revision: Revision, token: Token | undefined) {
  const at = routeOf(routes, host);
  if (at === undefined) return 404;
  const isMcp = !isNeed(at.needs);
  const isNewest = revision === "2026-07-28";
  const isMalformed = isMcp && sent.asks === undefined && isNewest;
  if (token === undefined && !isReporting(at)) return 401;
  if (isMalformed) return 400;
  if (isReporting(at)) return 200;
  const needs = needsOf(at, sent);
  if (needs === undefined) return isNewest && sent.asks?.some(([kind]) => kind === "methods") ? 404 : 403;
  return token && needs.every(({ meets }) => meets(token)) ? 200 : 403;
}

function callerOf(policy: Policy, token: Token | undefined): Caller {
  if (token === undefined) return nobody;
  const { scopes, tier } = token;
  const claims = { iss: "https://issuer.example", client_id: "other", scope: scopes.map((it) => `s/${it}`).join(" ") };
  return callerWithClaims({ ...claims, ...(tier !== undefined && { tier }) }, policy, []);
}

/** Sends a message to the gateway as a client does. */
async function send(policy: Policy, host: string, { json, named }: Sent, revision: Revision, caller: Caller) {
  const received: { body: string; headers: Headers }[] = [];
  const serve = createGateway({
    policy,
    version: undefined,
    log: () => {},
    now: () => NOW_MS,
    reports: ({ report }) => report !== undefined && NOW_MS < report.endsAt,
    openMessage,
    authenticate: caller.authenticate ?? (() => new Denial("credentials-missing")),
    serveEndpoint: (exchange) => exchange.answer(new Response()),
    fetcherOf: () => async (input, init) => {
      const request = new Request(input, init);
      received.push({ body: await request.text(), headers: request.headers });
      return Object.assign(new Response(), { webSocket: null });
    },
    limitPauses: (response) => response,
  });
  const body = JSON.stringify(json, null, 1);
  const isNewest = revision === "2026-07-28";
  const request = new Request(`https://${host}/mcp`, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "mcp-protocol-version": revision,
      ...(caller.authenticate && { authorization: "Bearer x" }),
      ...(isNewest && typeof json["method"] === "string" && { "mcp-method": json["method"] }),
      ...(isNewest && named !== undefined && { "mcp-name": named }),
    },
  });
  const response = await serve(request, () => {});
  const [first] = received;
  expect(first === undefined || first.body === body).toBe(true);
  const answer = response.status === 200 ? undefined : await response.json<Record<string, unknown>>();
  return { status: response.status, answer: JSON.stringify(answer), received: first };
}

it("explain says of a message what the gateway does with it", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(route, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...HOSTS),
      fc.constantFrom(...REVISIONS),
      fc.constantFrom(undefined, ...TOKENS),
      async (routes, host, revision, token) => {
        const policy = policyOf(routes);
        fc.pre(policy !== undefined);
        const caller = callerOf(policy, token);
        for (const sent of MESSAGES) {
          const [method = "", ...names] = sent.words;
          const message = askedMessage(method, names, revision);
          if (!message.ok) throw new Error(message.failure);
          const asked = { method: "POST", url: `https://${host}/mcp`, message: message.value };
          const said = await explainRequest(policy, asked, caller);
          const { status, answer, received } = await send(policy, host, sent, revision, caller);
          const context = [sent.words, host, revision, token];
          expect([...context, status]).toEqual([...context, expected(routes, host, sent, revision, token)]);
          expect([...context, said.refusal?.status ?? 200]).toEqual([...context, status]);
          if (said.refusal) expect(answer).toContain(`/${said.refusal.reason}"`);
          expect([...context, said.forwarded !== undefined]).toEqual([...context, received !== undefined]);
          for (const name of ["mcp-method", "mcp-name", "mcp-protocol-version"]) {
            const isRead = said.message !== undefined;
            if (said.forwarded && isRead) {
              expect([name, said.forwarded.headers[name]]).toEqual([name, received?.headers.get(name) ?? undefined]);
            }
          }
          const at = routeOf(routes, host);
          if (at === undefined || isNeed(at.needs)) continue;
          const needs = needsOf(at, sent);
          const isServed = needs !== undefined && !(sent.asks === undefined && revision === "2026-07-28");
          expect([...context, said.requirement !== undefined]).toEqual([...context, isServed]);
          const { sufficient = [] } = said.requirement ?? {};
          for (const { scopes, conditions = [] } of sufficient) {
            const enough = {
              scopes: scopes.map((it) => it.replace("s/", "")),
              ...(conditions.length > 0 && { tier: "gold" }),
            };
            expect([...context, enough, needs?.every(({ meets }) => meets(enough))]).toEqual([
              ...context,
              enough,
              true,
            ]);
          }
        }
      },
    ),
    runs(120),
  );
});

const guarantee = fc.record({
  where: fc.constantFrom<Readonly<Record<string, unknown>>>({}, { paths: ["/mcp"] }, { hosts: ["a.example"] }),
  lists: fc.constantFrom<Readonly<Record<string, readonly string[]>>>(
    { tools: ["delete*"] },
    { tools: ["zap", "get"] },
    { tools: ["*"] },
    { resources: ["o:secret/*"] },
    { methods: ["ping", "tools/*"] },
    { methods: ["resources/subscribe"], prompts: ["*"] },
  ),
  claim: fc.constantFrom<{ readonly never: true } | { readonly requires: readonly string[] }>(
    { never: true },
    { requires: ["a"] },
    { requires: ["b"] },
  ),
});

it("a guarantee about messages is proven exactly if no token gets such a message through", { timeout: 60_000 }, () => {
  let broken = 0;
  fc.assert(
    fc.property(fc.array(route, { minLength: 1, maxLength: 3 }), guarantee, (routes, { where, lists, claim }) => {
      const policy = policyOf(routes, [{ ...where, mcp: lists, ...claim }]);
      fc.pre(policy !== undefined);
      const covers = (kind: string, name: string): boolean =>
        lists[kind]?.some((it) => (it.endsWith("*") ? name.startsWith(it.slice(0, -1)) : it === name)) === true;
      const isSelected = ({ words: [method = ""], asks }: Sent): boolean =>
        asks !== undefined &&
        (covers("methods", method) || asks.some(([kind, name]) => kind !== "methods" && covers(kind, name)));
      const breaks = MESSAGES.filter(isSelected).some((sent) =>
        HOSTS.filter((host) => !("hosts" in where) || host === "a.example").some((host) => {
          const at = routeOf(routes, host);
          if (at === undefined || (isNeed(at.needs) && !("paths" in where))) return false;
          return [undefined, ...TOKENS].some(
            (token) =>
              expected(routes, host, sent, "2025-06-18", token) === 200 &&
              !("requires" in claim && claim.requires.every((it) => token?.scopes.includes(it))),
          );
        }),
      );
      const [proof] = prove(policy);
      if (breaks) broken += 1;
      expect([where, lists, claim, (proof?.breaches.length ?? 0) > 0]).toEqual([where, lists, claim, breaks]);
    }),
    runs(600),
  );
  expect(broken).toBeGreaterThan(0);
});

it("the matrix says of each entry which clients get such a message through", { timeout: 60_000 }, () => {
  const clients: readonly Token[] = [{ scopes: ["a"] }, { scopes: ["a", "b"] }];
  fc.assert(
    fc.property(fc.array(route, { minLength: 1, maxLength: 3 }), (routes) => {
      const policy = policyOf(routes);
      fc.pre(policy !== undefined);
      const { rows } = accessMatrix(policy);
      for (const it of routes) {
        if (isNeed(it.needs)) continue;
        const { streams: _, replies: __, ...tables } = it.needs;
        for (const [kind, entries] of Object.entries(tables)) {
          for (const [pattern, { meets }] of Object.entries(entries)) {
            const row = rows.find(
              ({ hosts, mcp }) =>
                hosts?.join() === it.hosts?.join() &&
                mcp !== undefined &&
                "method" in mcp &&
                (kind === "methods"
                  ? mcp.name === undefined && mcp.method === pattern
                  : mcp.method.startsWith(`${kind}/`) && mcp.name === pattern),
            );
            const may = clients.map((token) => isReporting(it) || meets(token) || meets({ ...token, tier: "gold" }));
            expect([kind, pattern, row?.allowed]).toEqual([kind, pattern, may]);
          }
        }
      }
    }),
    runs(300),
  );
});

it("diff tells each gain and each loss of a message", { timeout: 60_000 }, () => {
  const some = fc.array(route, { minLength: 1, maxLength: 3 });
  let changed = 0;
  fc.assert(
    fc.property(some, some, (before, after) => {
      const [one, other] = [policyOf(before), policyOf(after)];
      fc.pre(one !== undefined && other !== undefined);
      const kinds = diffPolicies(one, other).routes.map(({ kind }) => kind);
      for (const host of HOSTS) {
        for (const sent of MESSAGES) {
          const may = (routes: readonly Route[], token: Token | undefined): boolean =>
            expected(routes, host, sent, "2025-06-18", token) === 200;
          const told = { host, words: sent.words, kinds };
          const isGained = [undefined, ...TOKENS].some((token) => may(after, token) && !may(before, token));
          const isLost = [undefined, ...TOKENS].some((token) => may(before, token) && !may(after, token));
          if (isGained || isLost) changed += 1;
          if (isGained && !kinds.some((kind) => GAINS.includes(kind))) expect(told).toBe("a gain");
          if (isLost && !kinds.some((kind) => LOSSES.includes(kind))) expect(told).toBe("a loss");
        }
      }
    }),
    runs(200),
  );
  expect(changed).toBeGreaterThan(0);
});

const GAINS: readonly string[] = ["added", "opened", "looser", "incomparable"];
const LOSSES: readonly string[] = ["removed", "tighter", "incomparable"];
