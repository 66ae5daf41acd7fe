import fc from "fast-check";
import { expect, test } from "vitest";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import type { ClientCall } from "../../../../src/policy/analysis/diff/client-comparer.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import type { Message } from "../../../../src/policy/analysis/messages/message.ts";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { compilePolicy } from "../../../../src/policy/compile/compile-policy.ts";
import type { Policy } from "../../../../src/policy/policy.ts";

/** A requirement in the file, as the reference reads it: nothing, any token, some of these scopes, or all of them. */
type Written =
  | { readonly public: true }
  | { readonly authenticated: true }
  | { readonly scopes: readonly string[] | { readonly allOf: readonly string[] } };
type Table = Readonly<Record<string, Written>>;
interface WrittenRules {
  readonly methods?: Table;
  readonly tools?: Table;
  readonly resources?: Table;
  readonly prompts?: Table;
  readonly streams?: Written;
  readonly replies?: Written;
}
type WrittenRoute = { readonly path: string; readonly upstream: string } & (
  | ({ readonly methods: readonly string[] } & Written)
  | { readonly mcp: WrittenRules; readonly report?: { readonly until: string } }
);

const written: fc.Arbitrary<Written> = fc.constantFrom<Written>(
  { authenticated: true },
  { scopes: ["a"] },
  { scopes: ["b"] },
  { scopes: ["a", "b"] },
  { scopes: { allOf: ["a", "b"] } },
);
const text = fc.string({ unit: fc.constantFrom("d", "x"), maxLength: 2 });
const pattern = fc.tuple(text, fc.constantFrom("", "*")).map((parts) => parts.join(""));
const table = (prefix: string) =>
  fc.dictionary(
    pattern.map((it) => prefix + it).filter((it) => it !== ""),
    written,
    { maxKeys: 4 },
  );
const method = fc.constantFrom("initialize", "tools/list", "tools/*", "resources/*", "notifications/*", "*", "ping");
const rules: fc.Arbitrary<WrittenRules> = fc.record(
  {
    methods: fc.dictionary(method, written, { maxKeys: 3 }),
    tools: table(""),
    resources: table("u:"),
    prompts: table(""),
    streams: written,
    replies: written,
  },
  { requiredKeys: [] },
);
const mcpRoute = fc.record({ path: fc.constantFrom("/mcp", "/a/mcp"), upstream: fc.constant("u"), mcp: rules });
const reportingRoute = mcpRoute.map((it) => ({ ...it, report: { until: "2999-01-01" } }));
const plainRoute = fc
  .record({
    path: fc.constantFrom("/mcp", "/:x", "/*", "/a/*", "/a/:y"),
    methods: fc.constantFrom<readonly string[]>(["POST"], ["GET"], ["*"], ["POST", "PUT"]),
    upstream: fc.constant("u"),
  })
  .chain((it) =>
    fc
      .oneof({ weight: 5, arbitrary: written }, { weight: 1, arbitrary: fc.constant<Written>({ public: true }) })
      .map((requirement) => ({ ...it, ...requirement })),
  );
const routesOf = fc.array(fc.oneof<fc.Arbitrary<WrittenRoute>[]>(mcpRoute, mcpRoute, plainRoute, reportingRoute), {
  minLength: 1,
  maxLength: 4,
});

const fileOf = (routes: readonly WrittenRoute[], guarantees: readonly unknown[] = []) => ({
  issuers: { main: { issuer: "https://issuer.example", profile: "generic", audiences: ["api"] } },
  resourceServers: { s: { scopes: { a: "", b: "" } } },
  clients: { a: { scopes: ["a"] }, b: { scopes: ["b"] }, none: { scopes: [] }, both: { scopes: ["a", "b"] } },
  upstreams: { u: { url: "https://u.example" } },
  routes,
  guarantees,
});

/** `undefined` for a file with a fault, such as two routes for one method of a path. */
function policyOf(routes: readonly WrittenRoute[], guarantees: readonly unknown[] = []): Policy | undefined {
  const compiled = compilePolicy(fileOf(routes, guarantees), {});
  return compiled.ok ? compiled.value : undefined;
}

/** A request, as far as a policy can tell requests apart. A message that is `undefined`: another body, or none. */
interface Call {
  readonly method: string;
  readonly path: string;
  readonly message: Message | undefined;
}

const NAMES = [
  "",
  ...["d", "x", "z"].flatMap((one) => ["", "d", "x", "z"].flatMap((two) => [one + two, `${one}${two}z`])),
];
const MESSAGES: readonly Message[] = [
  ...["initialize", "tools/list", "resources/list", "notifications/initialized", "ping", "zzz"].map((it) => ({
    method: it,
  })),
  ...NAMES.flatMap((name) => [
    { method: "tools/call", name },
    { method: "prompts/get", name },
    ...["resources/read", "resources/subscribe"].map((it) => ({ method: it, name: `u:${name}` })),
  ]).filter(({ name }) => name !== "u:"),
  { reply: true },
];
const PATHS = ["/mcp", "/a/mcp", "/other", "/a/other"];
const CALLS: readonly Call[] = PATHS.flatMap((path) => [
  ...["GET", "HEAD", "DELETE", "PUT", "POST"].map((it) => ({ method: it, path, message: undefined })),
  ...MESSAGES.map((message) => ({ method: "POST", path, message })),
]);

/** The route that serves a request; `undefined`: it is refused. */
function servedBy(routes: readonly WrittenRoute[], call: Call): number | undefined {
  const route = routeOf(routes, call);
  return route && requiredBy(routes, call) ? routes.indexOf(route) : undefined;
}

function routeOf(routes: readonly WrittenRoute[], { method: verb, path }: Call): WrittenRoute | undefined {
  const specific = ["/mcp", "/a/mcp", "/a/:y", "/a/*", "/:x", "/*"].filter((it) => matches(it, path));
  const best = specific.find((it) => routes.some((route) => route.path === it));
  const here = routes.filter((route) => route.path === best);
  const listing = here.find((route) => verbsOf(route).includes(verb));
  return listing ?? here.find((it) => verbsOf(it).includes("*"));
}

/** The reference: what a request requires, read from the file as a person would. `undefined`: it is refused. */
function requiredBy(routes: readonly WrittenRoute[], call: Call): Written | undefined {
  const route = routeOf(routes, call);
  if (route === undefined) return undefined;
  const { method: verb, message } = call;
  if (!("mcp" in route)) return route;
  const { streams, replies } = route.mcp;
  const isOpen = route.report !== undefined;
  if (verb !== "POST") return streams && isOpen ? OPEN : streams;
  if (message === undefined) return undefined;
  if (isOpen) return OPEN;
  if ("reply" in message) return replies;
  const { method: named, name } = message;
  if (named === "tools/call") return longest(route.mcp.tools, name ?? "");
  if (named === "prompts/get") return longest(route.mcp.prompts, name ?? "");
  if (/^resources\/(?:read|(?:un)?subscribe)$/.test(named)) return longest(route.mcp.resources, name ?? "");
  return longest(route.mcp.methods, named);
}

/** A route that only reports lets every message through, and still refuses what is no message. */
const OPEN: Written = { public: true };

function verbsOf(route: WrittenRoute): readonly string[] {
  if ("mcp" in route) return route.mcp.streams ? ["POST", "GET", "HEAD", "DELETE"] : ["POST"];
  return route.methods.includes("GET") ? [...route.methods, "HEAD"] : route.methods;
}

function matches(written: string, path: string): boolean {
  return new RegExp(`^${written.replace(/:\w+/g, "[^/]+").replace("*", ".+")}$`).test(path);
}

function longest(entries: Table | undefined, name: string): Written | undefined {
  if (entries === undefined) return undefined;
  for (let length = name.length; length >= 0; length -= 1) {
    if (length === name.length && Object.hasOwn(entries, name) && !name.endsWith("*")) return entries[name];
    const prefix = `${name.slice(0, length)}*`;
    if (Object.hasOwn(entries, prefix)) return entries[prefix];
  }
  return undefined;
}

function permits(required: Written | undefined, scopes: readonly string[]): boolean {
  if (required === undefined) return false;
  if ("public" in required || "authenticated" in required) return true;
  if ("allOf" in required.scopes) return required.scopes.allOf.every((it) => scopes.includes(it));
  return required.scopes.some((it) => scopes.includes(it));
}

const TOKENS: readonly (readonly string[])[] = [[], ["a"], ["b"], ["a", "b"]];
const CLIENTS: Readonly<Record<string, readonly string[]>> = { a: ["a"], b: ["b"], none: [], both: ["a", "b"] };
const short = (scopes: readonly string[]) => scopes.map((it) => it.replace("s/", ""));
type Shown = Pick<Call, "method" | "path"> & { readonly mcp?: Message | undefined };
const callOf = ({ method: verb, path, mcp }: Shown): Call => ({ method: verb, path, message: mcp });
const UNLISTED: readonly Message[] = [
  { method: "zzz" },
  { reply: true },
  { method: "tools/call", name: "zzz" },
  { method: "prompts/get", name: "zzz" },
  { method: "resources/read", name: "u:zzz" },
  { method: "resources/read", name: "v:zzz" },
];
/**
 * An example without a message, on a route that only reports, stands for a message that no entry covers.
 *
 * @param others routes of another policy, whose entries do not cover it, either; left out: it may be any message
 */
function exampleOf(routes: readonly WrittenRoute[], shown: Shown, others?: readonly WrittenRoute[]): Call {
  const call = callOf(shown);
  const route = routeOf(routes, call);
  if (route === undefined || !("report" in route) || call.method !== "POST" || call.message) return call;
  const isListed = (message: Message): boolean =>
    [routes, others ?? []].some((some) => requiredBy(enforced(some), { ...call, message }) !== undefined);
  return { ...call, message: UNLISTED.find((message) => others === undefined || !isListed(message)) };
}

function enforced(routes: readonly WrittenRoute[]): readonly WrittenRoute[] {
  return routes.flatMap((it) => ("mcp" in it ? [{ path: it.path, upstream: it.upstream, mcp: it.mcp }] : []));
}

/** Whether a pattern of the output covers a message of the reference. A resource has several methods. */
function covers(pattern: Message | undefined, message: Message | undefined): boolean {
  if (pattern === undefined || message === undefined) return pattern === message;
  if ("reply" in pattern || "reply" in message) return "reply" in pattern && "reply" in message;
  const is = (written: string, name: string) =>
    written.endsWith("*") ? name.startsWith(written.slice(0, -1)) : written === name;
  const family = (it: string) => (it === "resources/subscribe" ? "resources/read" : it);
  if (pattern.name === undefined || message.name === undefined) {
    return pattern.name === message.name && is(pattern.method, message.method);
  }
  return pattern.method === family(message.method) && is(pattern.name, message.name);
}

test("the matrix says of each message what its longest entry requires", () => {
  fc.assert(
    fc.property(routesOf, (routes) => {
      const policy = policyOf(routes);
      fc.pre(policy !== undefined);
      const { rows, clients } = accessMatrix(policy);
      for (const call of CALLS.filter(({ path }) => path === "/mcp" || path === "/a/mcp")) {
        const verb = call.method === "HEAD" ? "GET" : call.method;
        const here = rows.filter(({ path, methods }) => path === call.path && methods.includes(verb));
        if (!routes.some((it) => it.path === call.path && "mcp" in it && verbsOf(it).includes(call.method))) continue;
        const [entry] = here
          .filter(({ mcp, methods }) => covers(mcp, call.message) && (mcp !== undefined || !methods.includes("POST")))
          .sort((one, other) => lengthOf(other.mcp) - lengthOf(one.mcp));
        const isMessage = call.message !== undefined;
        // Only where an MCP route reports, there is a row for the messages that no entry lists.
        const deciding = entry ?? (isMessage ? here.find(({ mcp }) => mcp === undefined) : undefined);
        const required = requiredBy(routes, call);
        const expected = clients.map((name) => permits(required, CLIENTS[name] ?? []));
        expect([call, deciding?.allowed ?? clients.map(() => false)]).toEqual([call, expected]);
      }
    }),
  );
}, 60_000);

/** The longest entry decides; an exact name is longer than a prefix of the same length. */
function lengthOf(pattern: Message | undefined): number {
  if (pattern === undefined || "reply" in pattern) return 0;
  const written = pattern.name ?? pattern.method;
  return written.endsWith("*") ? written.length - 1 : written.length + 0.5;
}

const selected = fc.record(
  {
    tools: fc.uniqueArray(
      pattern.filter((it) => it !== ""),
      { minLength: 1, maxLength: 2 },
    ),
    resources: fc.uniqueArray(
      pattern.map((it) => `u:${it}`),
      { minLength: 1, maxLength: 2 },
    ),
    methods: fc.uniqueArray(fc.constantFrom("tools/*", "tools/call", "resources/subscribe", "*", "initialize"), {
      minLength: 1,
      maxLength: 2,
    }),
  },
  { requiredKeys: [] },
);
const filled = selected.filter((it) => Object.keys(it).length > 0);
type Selected = typeof selected extends fc.Arbitrary<infer Value> ? Value : never;
const where = fc.constantFrom<{ paths?: string[]; under?: string[]; methods?: string[] }>(
  {},
  { paths: ["/mcp"] },
  { under: ["/a"] },
  { paths: ["/*"] },
  { methods: ["POST"] },
);
const selection = fc
  .tuple(where, fc.option(filled, { nil: undefined }))
  .map(([place, mcp]) => ({ ...place, ...(mcp && { mcp }) }));
const guarantee = fc
  .tuple(
    selection,
    fc.array(
      selection.filter((it) => Object.keys(it).length > 0),
      { maxLength: 1 },
    ),
    fc.constantFrom<{ never: true } | { requires: string[] }>(
      { never: true },
      { requires: ["a"] },
      { requires: ["b"] },
    ),
  )
  .map(([of, except, claim]) => ({ ...of, except, ...claim }));
type Guaranteed = typeof guarantee extends fc.Arbitrary<infer Value> ? Value : never;
type Where = Omit<Guaranteed, "except" | "never" | "requires"> & { readonly mcp?: Selected };

/** Whether a request on a path is one of a selection. On an ordinary route any message may be in it. */
function isSelected({ paths, under, methods, mcp }: Where, { method: verb, path, message }: Call): boolean {
  const isHere =
    (paths === undefined && under === undefined) ||
    paths?.some((it) => matches(it, path)) === true ||
    under?.some((it) => path === it || path.startsWith(`${it}/`)) === true;
  if (!isHere || (methods !== undefined && !methods.includes(verb))) return false;
  if (mcp === undefined) return true;
  if (message === undefined || "reply" in message) return false;
  const is = (written: string, name: string) =>
    written.endsWith("*") ? name.startsWith(written.slice(0, -1)) : written === name;
  const named = message.name;
  return (
    mcp.methods?.some((it) => is(it, message.method)) === true ||
    (named !== undefined &&
      ((message.method === "tools/call" && mcp.tools?.some((it) => is(it, named)) === true) ||
        (/^resources\/(?:read|subscribe)$/.test(message.method) &&
          mcp.resources?.some((it) => is(it, named)) === true)))
  );
}

test("a guarantee is proven exactly if no message breaks it, and each breach breaks it", () => {
  fc.assert(
    fc.property(routesOf, guarantee, (routes, guaranteed) => {
      const policy = policyOf(routes, [guaranteed]);
      fc.pre(policy !== undefined);
      const [proof] = prove(policy);
      const isMessageRoute = (call: Call): boolean => {
        const at = ["/mcp", "/a/mcp"].find((it) => it === call.path);
        return routes.some((it) => it.path === at && "mcp" in it && verbsOf(it).includes(call.method));
      };
      // Messages count on an ordinary route only if the guarantee names its path.
      const isAbout = (call: Call): boolean =>
        isSelected(guaranteed, call) &&
        !guaranteed.except.some((it) => isSelected(it, call)) &&
        (isMessageRoute(call) ||
          (guaranteed.mcp === undefined ? call.message === undefined : "paths" in guaranteed || "under" in guaranteed));
      const breaks = (call: Call, scopes: readonly string[]): boolean =>
        isAbout(call) &&
        permits(requiredBy(routes, call), scopes) &&
        !("requires" in guaranteed && guaranteed.requires.every((it) => scopes.includes(it)));
      for (const breach of proof?.breaches ?? []) {
        const call = exampleOf(routes, breach);
        expect([call, breach.scopes, breaks(call, short(breach.scopes))]).toEqual([call, breach.scopes, true]);
      }
      const found = CALLS.find((call) => TOKENS.some((scopes) => breaks(call, scopes)));
      if (proof?.breaches.length === 0) expect(found).toBeUndefined();
    }),
    { numRuns: 400 },
  );
}, 60_000);

const GAINING: readonly string[] = ["opened", "added", "looser", "incomparable"];
const LOSING: readonly string[] = ["removed", "tighter", "incomparable"];

test("two policies differ exactly where some token notices it, and each example is one", () => {
  fc.assert(
    fc.property(routesOf, routesOf, (before, after) => {
      const [one, other] = [policyOf(before), policyOf(after)];
      fc.pre(one !== undefined && other !== undefined);
      const { routes, clients } = diffPolicies(one, other);
      const could = (call: Call, scopes: readonly string[]) => permits(requiredBy(before, call), scopes);
      const can = (call: Call, scopes: readonly string[]) => permits(requiredBy(after, call), scopes);
      for (const { kind, witness, gained, lost, lostWitness } of routes) {
        const call = callOf(witness);
        if (gained)
          expect([kind, call, could(call, short(gained)), can(call, short(gained))]).toEqual([kind, call, false, true]);
        const losing = callOf(lostWitness ?? witness);
        if (lost) expect([kind, could(losing, short(lost)), can(losing, short(lost))]).toEqual([kind, true, false]);
        if (kind === "added" || (kind === "looser" && !gained)) {
          const shown = exampleOf(after, witness, before);
          expect([kind, shown, requiredBy(before, shown), requiredBy(after, shown) === undefined]).toEqual([
            kind,
            shown,
            undefined,
            false,
          ]);
        }
        if (kind === "removed") {
          const shown = exampleOf(before, witness, after);
          expect([shown, requiredBy(before, shown) === undefined, requiredBy(after, shown)]).toEqual([
            shown,
            false,
            undefined,
          ]);
        }
        if (kind === "opened") {
          const shown = exampleOf(after, witness, before);
          expect([shown, requiredBy(after, shown)]).toEqual([shown, expect.objectContaining(OPEN)]);
          expect([shown, requiredBy(before, shown)]).not.toEqual([shown, expect.objectContaining(OPEN)]);
        }
      }
      for (const call of CALLS) {
        const [was, is] = [servedBy(before, call), servedBy(after, call)];
        const isCovered = (mcp: Message | undefined) => mcp === undefined || covers(mcp, call.message);
        const kinds = routes.flatMap(({ kind, before: from, after: to, methods, mcp }) =>
          from?.index === was &&
          to?.index === is &&
          (methods.includes(call.method) || methods.includes("*")) &&
          isCovered(mcp)
            ? [kind]
            : [],
        );
        const untold = { call, kinds };
        const gains = TOKENS.some((scopes) => can(call, scopes) && !could(call, scopes));
        const loses = TOKENS.some((scopes) => could(call, scopes) && !can(call, scopes));
        if (gains && !kinds.some((it) => GAINING.includes(it))) expect(untold).toBe("a gain");
        if (loses && !kinds.some((it) => LOSING.includes(it))) expect(untold).toBe("a loss");
        for (const [client, scopes] of Object.entries(CLIENTS)) {
          const change = clients.find((it) => it.client === client);
          const isTold = (calls: readonly ClientCall[] = [], index: number | undefined) =>
            calls.some(({ route, mcp }) => route.index === index && isCovered(mcp));
          const [old, now] = [could(call, scopes), can(call, scopes)];
          if (now && !old && !isTold(change?.gained, is)) expect({ client, call }).toBe("a gain");
          if (old && !now && !isTold(change?.lost, was) && !isTold(change?.unenforced, was)) {
            expect({ client, call }).toBe("a loss");
          }
        }
      }
      for (const { client, gained, lost, unenforced } of clients) {
        const scopes = CLIENTS[client] ?? [];
        for (const { witness } of gained) {
          const call = exampleOf(after, witness, before);
          expect([client, call, could(call, scopes), can(call, scopes)]).toEqual([client, call, false, true]);
        }
        for (const { witness } of [...lost, ...unenforced]) {
          const call = exampleOf(before, witness, after);
          expect([client, call, could(call, scopes), can(call, scopes)]).toEqual([client, call, true, false]);
        }
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);
