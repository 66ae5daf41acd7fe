import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import { jsonPath } from "../../../../src/policy/fault.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { grantedScopes } from "../../../../src/token/granted-scopes.ts";
import { compiled } from "../../../support/policy/policy-file.ts";

type Members = Record<string, unknown>;

const ISSUER = { issuer: "https://issuer.example", profile: "rfc9068", audiences: ["api"] };
const base = {
  issuers: { main: ISSUER },
  resourceServers: { s: { scopes: { read: "", write: "", admin: "" } } },
  clients: { app: { scopes: ["read"] } },
  upstreams: { one: { url: "https://one.example" }, two: { url: "https://two.example/v2" } },
};
const two = { issuers: { main: ISSUER, partner: { ...ISSUER, issuer: "https://partner.example" } }, clients: {} };
const policy = (members: Members) => compiled({ ...base, ...members });
const get = (members: Members) => ({ path: "/a", methods: ["GET"], upstream: "one", ...members });
const read = { scopes: ["read"] };

/** `kind METHODS path`, the example, what is gained and lost. */
function changesOf(before: Members, after: Members): string[] {
  return diffPolicies(policy(before), policy(after)).routes.map(
    ({ kind, methods, before: old, after: now, witness, gained, lost, note }) =>
      [
        `${kind} ${methods.join(",")} ${(now ?? old)?.path}: ${witness.method} ${witness.path}`,
        gained && `+ ${gained.join(" ")}`,
        lost && `- ${lost.join(" ")}`,
        note,
      ]
        .filter((text) => text !== undefined)
        .join(" "),
  );
}

const routes = (...list: Members[]) => ({ routes: list });

describe("changes of requests", () => {
  test.each([
    {
      name: "nothing, if the requirement is only written differently",
      before: routes(get({ scopes: ["read", "write"] })),
      after: routes(get({ scopes: { anyOf: ["write", { allOf: ["read"] }, { allOf: ["read", "admin"] }] } })),
      expected: [],
    },
    {
      name: "nothing, if parameters or upstreams are renamed or two routes are made one",
      before: routes(get({ path: "/:id", ...read }), get({ path: "/:id", methods: ["PUT"], ...read })),
      after: {
        upstreams: { uno: base.upstreams.one },
        ...routes({ path: "/:name", methods: ["PUT", "GET"], upstream: "uno", ...read }),
      },
      expected: [],
    },
    {
      name: "looser",
      before: routes(get(read)),
      after: routes(get({ scopes: ["read", "write"] })),
      expected: ["looser GET,HEAD /a: GET /a + s/write"],
    },
    {
      name: "any token is looser",
      before: routes(get(read)),
      after: routes(get({ authenticated: true })),
      expected: ["looser GET,HEAD /a: GET /a + "],
    },
    {
      name: "tighter",
      before: routes(get(read)),
      after: routes(get({ scopes: { allOf: ["read", "write"] } })),
      expected: ["tighter GET,HEAD /a: GET /a - s/read"],
    },
    {
      name: "incomparable",
      before: routes(get(read)),
      after: routes(get({ scopes: ["write"] })),
      expected: ["incomparable GET,HEAD /a: GET /a + s/write - s/read"],
    },
    {
      name: "opened",
      before: routes(get(read)),
      after: routes(get({ public: true })),
      expected: ["opened GET,HEAD /a: GET /a"],
    },
    {
      name: "opened, to callers who leave their token out",
      before: routes(get(read)),
      after: routes(get({ optional: true })),
      expected: ["opened GET,HEAD /a: GET /a"],
    },
    {
      name: "no longer for callers without a token",
      before: routes(get({ optional: true })),
      after: routes(get({ authenticated: true })),
      expected: ["tighter GET,HEAD /a: GET /a"],
    },
    {
      name: "public, with an optional token",
      before: routes(get({ public: true })),
      after: routes(get({ optional: true })),
      expected: [
        "headers GET,HEAD /a: GET /a a token that the caller sends must be valid, and its claims are passed on",
      ],
    },
    {
      name: "public, without reading the token",
      before: routes(get({ optional: true })),
      after: routes(get({ public: true })),
      expected: [
        "headers GET,HEAD /a: GET /a the caller's token is no longer verified, and its claims are no longer passed on",
      ],
    },
    {
      name: "optional for the tokens of one issuer only",
      before: { ...two, ...routes(get({ optional: true })) },
      after: { ...two, ...routes(get({ optional: true, issuers: ["main"] })) },
      expected: ["headers GET,HEAD /a: GET /a tokens of fewer issuers are accepted"],
    },
    {
      name: "optional for the tokens of another issuer",
      before: { ...two, ...routes(get({ optional: true, issuers: ["partner"] })) },
      after: { ...two, ...routes(get({ optional: true, issuers: ["main"] })) },
      expected: [
        "headers GET,HEAD /a: GET /a tokens of more issuers are accepted",
        "headers GET,HEAD /a: GET /a tokens of fewer issuers are accepted",
      ],
    },
    {
      name: "nothing, if all issuers are listed where a token is optional",
      before: { ...two, ...routes(get({ optional: true })) },
      after: { ...two, ...routes(get({ optional: true, issuers: ["main", "partner"] })) },
      expected: [],
    },
    {
      name: "no longer public",
      before: routes(get({ public: true })),
      after: routes(get(read)),
      expected: ["tighter GET,HEAD /a: GET /a"],
    },
    {
      name: "added",
      before: routes(get(read)),
      after: routes(get(read), get({ path: "/b", ...read })),
      expected: ["added GET,HEAD /b: GET /b"],
    },
    {
      name: "added without a requirement is opened",
      before: routes(get(read)),
      after: routes(get(read), get({ path: "/b", public: true })),
      expected: ["opened GET,HEAD /b: GET /b"],
    },
    {
      name: "removed",
      before: routes(get({ path: "/b/*", ...read }), get(read)),
      after: routes(get(read)),
      expected: ["removed GET,HEAD /b/*: GET /b/x"],
    },
    {
      name: "a more specific route takes a method away from a looser one",
      before: routes(get({ path: "/*", methods: ["GET", "PUT"], ...read })),
      after: routes(get({ path: "/*", methods: ["GET", "PUT"], ...read }), get({ path: "/a", ...read })),
      expected: ["removed PUT /*: PUT /a"],
    },
    {
      name: "a listed method takes over from `*`",
      before: routes(get({ methods: ["*"], ...read })),
      after: routes(get({ methods: ["*"], ...read }), get({ methods: ["PUT"], public: true })),
      expected: ["opened PUT /a: PUT /a"],
    },
    {
      name: "moved, with all its methods",
      before: routes(get({ methods: ["*"], ...read })),
      after: routes(get({ methods: ["*"], ...read, upstream: "two" })),
      expected: ["moved * /a: GET /a from https://one.example to https://two.example/v2"],
    },
    {
      name: "both looser and moved",
      before: routes(get(read)),
      after: routes(get({ authenticated: true, upstream: "two" })),
      expected: [
        "looser GET,HEAD /a: GET /a + ",
        "moved GET,HEAD /a: GET /a from https://one.example to https://two.example/v2",
      ],
    },
    {
      name: "other headers",
      before: routes(get(read)),
      after: { upstreams: { one: { ...base.upstreams.one, forwardAuthorization: true } }, ...routes(get(read)) },
      expected: ["token-forwarding GET,HEAD /a: GET /a the caller's Authorization is now passed on"],
    },
    {
      name: "path parameters are let in",
      before: routes(get(read)),
      after: { upstreams: { one: { ...base.upstreams.one, allowPathParameters: true } }, ...routes(get(read)) },
      expected: ["looser GET,HEAD /a: GET /a;v=1 with path parameters"],
    },
    {
      name: "looser by what is implied now",
      before: routes(get(read)),
      after: {
        resourceServers: { s: { scopes: { read: "", write: { description: "", implies: ["read"] }, admin: "" } } },
        ...routes(get(read)),
      },
      expected: ["looser GET,HEAD /a: GET /a + s/write"],
    },
    {
      name: "the worst first",
      before: routes(get(read), get({ path: "/b", ...read }), get({ path: "/c", ...read })),
      after: routes(get({ path: "/b", authenticated: true }), get({ path: "/c", public: true })),
      expected: ["opened GET,HEAD /c: GET /c", "looser GET,HEAD /b: GET /b + ", "removed GET,HEAD /a: GET /a"],
    },
  ])("$name", ({ before, after, expected }) => {
    expect(changesOf(before, after)).toEqual(expected);
  });
});

describe("what clients can do", () => {
  const clientsOf = (before: Members, after: Members) =>
    diffPolicies(policy(before), policy(after)).clients.map(({ client, gained, lost, unenforced }) => {
      const [more, less, still] = [gained, lost, unenforced].map((calls) =>
        calls
          .map(({ methods, route, note }) => `${methods} ${route.path}${note === undefined ? "" : ` ${note}`}`)
          .join(),
      );
      return `${client} +[${more}] -[${less}]${still === "" ? "" : ` still [${still}]`}`;
    });
  const RESTRICTED = { issuers: { main: { ...ISSUER, registeredClientsOnly: true } } };
  const COGNITO = (audiences: string[]) => ({
    issuers: { main: { issuer: ISSUER.issuer, profile: "cognito", audiences } },
  });
  const parameters = { upstreams: { one: { ...base.upstreams.one, allowPathParameters: true } } };
  const write = get({ methods: ["POST"], scopes: ["write"] });
  test.each([
    {
      name: "more, by another registration",
      before: routes(get(read), write),
      after: { clients: { app: { scopes: ["read", "write"] } }, ...routes(get(read), write) },
      expected: ["app +[POST /a] -[]"],
    },
    {
      name: "less, by another requirement",
      before: routes(get(read)),
      after: routes(get({ scopes: ["write"] })),
      expected: ["app +[] -[GET,HEAD /a]"],
    },
    {
      name: "all it may, if it is new, and nothing, if it is gone",
      before: { ...RESTRICTED, ...routes(get(read), get({ path: "/open", public: true })) },
      after: {
        ...RESTRICTED,
        clients: { other: { scopes: ["read"] } },
        ...routes(get(read), get({ path: "/open", public: true })),
      },
      expected: ["app +[] -[GET,HEAD /a]", "other +[GET,HEAD /a] -[]"],
    },
    {
      name: "still all that its tokens open, if it is gone where clients need not be registered",
      before: routes(get(read), get({ path: "/open", public: true })),
      after: { clients: { other: { scopes: ["read"] } }, ...routes(get(read), get({ path: "/open", public: true })) },
      expected: ["app +[] -[] still [GET,HEAD /a]", "other +[GET,HEAD /a] -[]"],
    },
    {
      name: "still what its tokens open, if its registration is smaller and does not bind",
      before: { clients: { app: { scopes: ["read", "write"] } }, ...routes(get(read), write) },
      after: routes(get(read), write),
      expected: ["app +[] -[] still [POST /a]"],
    },
    {
      name: "less, if its registration is smaller and binds",
      before: { ...RESTRICTED, clients: { app: { scopes: ["read", "write"] } }, ...routes(get(read), write) },
      after: { ...RESTRICTED, ...routes(get(read), write) },
      expected: ["app +[] -[POST /a]"],
    },
    {
      name: "less, if its registration is smaller and binds from now on",
      before: { clients: { app: { scopes: ["read", "write"] } }, ...routes(get(read), write) },
      after: { ...RESTRICTED, ...routes(get(read), write) },
      expected: ["app +[] -[POST /a]"],
    },
    {
      name: "still what its tokens open, if its registration is smaller and no longer binds",
      before: { ...RESTRICTED, clients: { app: { scopes: ["read", "write"] } }, ...routes(get(read), write) },
      after: routes(get(read), write),
      expected: ["app +[] -[] still [POST /a]"],
    },
    {
      name: "less, if its registration is smaller and a requirement refuses the tokens it had, too",
      before: { clients: { app: { scopes: ["read", "write"] } }, ...routes(get(read), write) },
      after: { clients: { app: { scopes: [] } }, ...routes(get({ scopes: ["admin"] }), write) },
      expected: ["app +[] -[GET,HEAD /a] still [POST /a]"],
    },
    {
      name: "nothing, if the audiences leave it out",
      before: { ...COGNITO(["app", "web"]), ...routes(get(read)) },
      after: { ...COGNITO(["web"]), ...routes(get(read)) },
      expected: ["app +[] -[GET,HEAD /a]"],
    },
    {
      name: "all it may, if the audiences let it in",
      before: { ...COGNITO(["web"]), ...routes(get(read)) },
      after: { ...COGNITO(["web", "app"]), ...routes(get(read)) },
      expected: ["app +[GET,HEAD /a] -[]"],
    },
    {
      name: "the same, if the audiences leave it out but name one that it can ask for",
      before: { ...COGNITO(["app"]), ...routes(get(read)) },
      after: { ...COGNITO(["https://api.example"]), ...routes(get(read)) },
      expected: [],
    },
    {
      name: "nothing, if it is gone and the audiences leave it out, although it need not be registered",
      before: { ...COGNITO(["app", "web"]), ...routes(get(read)) },
      after: { ...COGNITO(["web"]), clients: {}, ...routes(get(read)) },
      expected: ["app +[] -[GET,HEAD /a]"],
    },
    {
      name: "nothing, if its issuer is another now, which leaves it out",
      before: {
        issuers: { main: ISSUER, other: { ...ISSUER, issuer: "https://b.example", registeredClientsOnly: true } },
        clients: { app: { issuer: "other", scopes: ["read"] } },
        ...routes(get(read)),
      },
      after: {
        issuers: {
          main: { issuer: ISSUER.issuer, profile: "cognito", audiences: ["web"] },
          other: { ...ISSUER, issuer: "https://b.example", registeredClientsOnly: true },
        },
        clients: { app: { issuer: "main", scopes: ["read"] } },
        ...routes(get(read)),
      },
      expected: ["app +[] -[GET,HEAD /a]"],
    },
    {
      name: "more, by paths with parameters",
      before: routes(get(read)),
      after: { ...parameters, ...routes(get(read)) },
      expected: ["app +[GET,HEAD /a with path parameters] -[]"],
    },
    {
      name: "less, by paths with parameters",
      before: { ...parameters, ...routes(get(read)) },
      after: routes(get(read)),
      expected: ["app +[] -[GET,HEAD /a with path parameters]"],
    },
    {
      name: "nothing more on the root path, which has no segment for parameters",
      before: routes(get({ path: "/", ...read })),
      after: { ...parameters, ...routes(get({ path: "/", ...read })) },
      expected: [],
    },
    {
      name: "the same, by another way",
      before: routes(get(read)),
      after: routes(get({ scopes: ["read", "write"] })),
      expected: [],
    },
  ])("$name", ({ before, after, expected }) => {
    expect(clientsOf(before, after)).toEqual(expected);
  });
});

describe("changes outside routes", () => {
  const issuer = (changes: Members) => ({ issuers: { main: { ...ISSUER, ...changes } } });
  const WITH_EMPTY = { ...base.resourceServers, t: { scopes: {} } };
  const TWINS = { s: { scopes: { admin: "" } }, u: { scopes: { admin: "" } } };
  const never = { clients: ["app"], paths: ["/b", "/c"], never: true };
  test.each<{ name: string; before?: Members; after: Members; expected: string[] }>([
    {
      name: "another issuer is trusted",
      before: { clients: { app: { issuer: "main", scopes: [] } } },
      after: {
        clients: { app: { issuer: "main", scopes: [] } },
        issuers: { main: ISSUER, extra: { ...ISSUER, issuer: "https://b.example" } },
      },
      expected: ["looser $.issuers.extra"],
    },
    {
      name: "an issuer is no longer trusted, but another",
      after: { issuers: { main: { ...ISSUER, issuer: "https://b.example" } } },
      expected: ["removed $.issuers.main", "looser $.issuers.main"],
    },
    { name: "an issuer is renamed", after: { issuers: { other: ISSUER } }, expected: [] },
    {
      name: "an algorithm less",
      after: issuer({ algorithms: ["RS256", "PS256", "ES256"] }),
      expected: ["tighter $.issuers.main.algorithms"],
    },
    {
      name: "an audience more",
      after: issuer({ audiences: ["b", "api"] }),
      expected: ["looser $.issuers.main.audiences"],
    },
    {
      name: "the audience is no longer checked",
      before: issuer({ profile: "cognito" }),
      after: issuer({ profile: "cognito", audiences: undefined }),
      expected: ["looser $.issuers.main.audiences"],
    },
    {
      name: "the audience is checked",
      before: issuer({ profile: "cognito", audiences: undefined }),
      after: issuer({ profile: "cognito" }),
      expected: ["tighter $.issuers.main.audiences"],
    },
    {
      name: "keys from elsewhere",
      after: issuer({ jwksUri: "https://keys.example" }),
      expected: ["incomparable $.issuers.main.jwksUri"],
    },
    {
      name: "full scope names only",
      after: issuer({ scopeNames: "full" }),
      expected: ["tighter $.issuers.main.scopeNames"],
    },
    {
      name: "more tolerance",
      after: issuer({ clockToleranceSeconds: 6 }),
      expected: ["looser $.issuers.main.clockToleranceSeconds"],
    },
    {
      name: "short scope names, too",
      before: issuer({ scopeNames: "full" }),
      after: issuer({ scopeNames: "short" }),
      expected: ["looser $.issuers.main.scopeNames"],
    },
    {
      name: "less tolerance",
      after: issuer({ clockToleranceSeconds: 4 }),
      expected: ["tighter $.issuers.main.clockToleranceSeconds"],
    },
    {
      name: "registered clients only",
      after: issuer({ registeredClientsOnly: true }),
      expected: ["tighter $.issuers.main.registeredClientsOnly"],
    },
    {
      name: "any client",
      before: issuer({ registeredClientsOnly: true }),
      after: issuer({ registeredClientsOnly: false }),
      expected: ["looser $.issuers.main.registeredClientsOnly"],
    },
    {
      name: "keys kept longer",
      after: issuer({ keys: { maxStaleSeconds: 90_000 } }),
      expected: ["looser $.issuers.main.keys"],
    },
    {
      name: "a longer publication lag, which makes no token valid",
      after: issuer({ keys: { publicationLagSeconds: 300 } }),
      expected: ["other $.issuers.main.keys"],
    },
    {
      name: "a scope more for a client",
      after: { clients: { app: { scopes: ["read", "write"] } } },
      expected: ["looser $.clients.app"],
    },
    {
      name: "a scope less",
      before: issuer({ registeredClientsOnly: true }),
      after: { ...issuer({ registeredClientsOnly: true }), clients: { app: { scopes: [] } } },
      expected: ["tighter $.clients.app"],
    },
    {
      name: "a scope less, which nothing enforces",
      after: { clients: { app: { scopes: [] } } },
      expected: ["other $.clients.app"],
    },
    {
      name: "a client more, one less",
      before: issuer({ registeredClientsOnly: true }),
      after: { ...issuer({ registeredClientsOnly: true }), clients: { web: { scopes: [] } } },
      expected: ["removed $.clients.app", "looser $.clients.web"],
    },
    {
      name: "a client more, one less, which nothing enforces",
      after: { clients: { web: { scopes: [] } } },
      expected: ["other $.clients.app", "added $.clients.web"],
    },
    {
      name: "a client less whose issuer is gone",
      before: {
        issuers: { main: ISSUER, extra: { ...ISSUER, issuer: "https://b.example" } },
        clients: { app: { issuer: "extra", scopes: [] } },
      },
      after: { clients: {} },
      expected: ["removed $.clients.app", "removed $.issuers.extra"],
    },
    {
      name: "a client less that the audiences leave out, too",
      before: issuer({ profile: "cognito", audiences: ["app", "web"] }),
      after: { ...issuer({ profile: "cognito", audiences: ["web"] }), clients: {} },
      expected: ["removed $.clients.app", "tighter $.issuers.main.audiences"],
    },
    {
      name: "a new client that the audiences leave out",
      before: { ...issuer({ profile: "cognito", registeredClientsOnly: true, audiences: ["web"] }), clients: {} },
      after: issuer({ profile: "cognito", registeredClientsOnly: true, audiences: ["web"] }),
      expected: ["added $.clients.app"],
    },
    {
      name: "a claim header more",
      after: { claimHeaders: { "x-mail": "email" } },
      expected: ['identity $.claimHeaders["x-mail"]'],
    },
    {
      name: "a header from another claim",
      after: { claimHeaders: { "x-auth-subject": "username" } },
      expected: ['identity $.claimHeaders["x-auth-subject"]'],
    },
    {
      name: "a scope is declared under another resource server as well",
      after: { resourceServers: { ...base.resourceServers, t: { scopes: { admin: "" } } } },
      expected: [
        "incomparable $.resourceServers.s.scopes.admin",
        "headers $.resourceServers.t",
        "tighter $.resourceServers.t",
      ],
    },
    {
      name: "a resource server more, whose tokens no longer count as naming none",
      after: { resourceServers: WITH_EMPTY },
      expected: ["tighter $.resourceServers.t"],
    },
    {
      name: "a resource server less, whose tokens now count as naming none",
      before: { resourceServers: WITH_EMPTY },
      after: {},
      expected: ["looser $.resourceServers.t"],
    },
    {
      name: "a resource server less, where every audience that is accepted names another",
      before: { ...issuer({ audiences: ["s"] }), resourceServers: WITH_EMPTY },
      after: issuer({ audiences: ["s"] }),
      expected: [],
    },
    {
      name: "a resource server less, where tokens hold full names only",
      before: { ...issuer({ scopeNames: "full" }), resourceServers: WITH_EMPTY },
      after: issuer({ scopeNames: "full" }),
      expected: [],
    },
    {
      name: "a resource server less, where several others declare every name",
      before: { clients: {}, resourceServers: { ...TWINS, t: { scopes: {} } } },
      after: { clients: {}, resourceServers: TWINS },
      expected: [],
    },
    { name: "the realm", after: { realm: "shop" }, expected: ["other $.realm"] },
    {
      name: "another timeout",
      after: { upstreams: { ...base.upstreams, one: { url: "https://one.example", timeoutMs: 1 } } },
      expected: ["other $.upstreams.one.timeoutMs"],
    },
    { name: "pages of other origins", after: { cors: { origins: "*" } }, expected: ["looser $.cors"] },
    {
      name: "origins in another order",
      before: { cors: { origins: ["https://a.example", "https://b.example"] } },
      after: { cors: { origins: ["https://b.example", "https://a.example"] } },
      expected: [],
    },
    { name: "a guarantee more", after: { guarantees: [never] }, expected: ["other $.guarantees[0]"] },
    {
      name: "a guarantee less",
      before: { guarantees: [never] },
      after: { guarantees: [] },
      expected: ["looser $.guarantees"],
    },
    {
      name: "a guarantee in place of another",
      before: { guarantees: [never] },
      after: { guarantees: [{ ...never, paths: ["/b"] }] },
      expected: ["looser $.guarantees", "other $.guarantees[0]"],
    },
    {
      name: "a guarantee of another upstream",
      before: { guarantees: [{ name: "a", paths: ["/a"], upstream: "one" }] },
      after: { guarantees: [{ name: "a", paths: ["/a"], upstream: "two" }] },
      expected: ["looser $.guarantees", "other $.guarantees[0]"],
    },
    {
      name: "a scope less that is declared",
      before: { clients: {} },
      after: { clients: {}, resourceServers: { s: { scopes: { read: "", write: "" } } } },
      expected: ["headers $.resourceServers.s"],
    },
    {
      name: "a guarantee that is written differently",
      before: { guarantees: [never] },
      after: { guarantees: [{ ...never, name: "renamed", paths: ["/c", "/b"] }] },
      expected: [],
    },
  ])("$name", ({ before = {}, after, expected }) => {
    // Read as JSON: a member that is `undefined` is not there.
    const from = (members: Members) =>
      compiled(JSON.parse(JSON.stringify({ ...base, ...routes(get({ public: true })), ...members })));
    const { settings, routes: changed } = diffPolicies(from(before), from(after));
    expect(changed).toEqual([]);
    expect(settings.map(({ kind, path }) => `${kind} ${jsonPath(path)}`).sort()).toEqual(expected.toSorted());
    for (const { message } of settings) expect(message).toMatch(/\S/);
  });
});

describe("the message", () => {
  const from = (members: Members) => compiled({ ...base, ...routes(get({ public: true })), ...members });
  const issuer = (changes: Members) => ({ issuers: { main: { ...ISSUER, ...changes } } });
  test.each<{ before?: Members; after?: Members; expected: string }>([
    { after: { realm: "shop" }, expected: "Changed from scopegate to shop." },
    { after: { publicUrl: "https://gw.example" }, expected: "Now set to https://gw.example." },
    { before: { publicUrl: "https://gw.example" }, expected: "No longer set. It was https://gw.example." },
    { after: issuer({ scopeNames: "full" }), expected: "Short scope names no longer count." },
    { before: issuer({ scopeNames: "full" }), expected: "Short scope names now count." },
    { after: issuer({ clockToleranceSeconds: 6 }), expected: "Changed from 5 to 6." },
    { after: issuer({ registeredClientsOnly: true }), expected: "Clients are now restricted to their registration." },
    {
      before: issuer({ registeredClientsOnly: true }),
      expected: "Clients are no longer restricted to their registration.",
    },
    { after: { claimHeaders: { "x-mail": "email" } }, expected: "The header x-mail is now written." },
    {
      before: { claimHeaders: { "x-mail": "email" } },
      expected: "The header x-mail is no longer written, so callers can send it themselves.",
    },
    {
      after: { claimHeaders: { "x-auth-subject": "username" } },
      expected: "The header x-auth-subject is now written from another claim.",
    },
    {
      before: { clients: {} },
      after: { clients: {}, resourceServers: { s: { scopes: { read: "", write: "" } } } },
      expected: "s/admin is no longer declared, so upstreams no longer see it in the claim headers.",
    },
    {
      after: { resourceServers: { ...base.resourceServers, a: { scopes: { admin: "" } } } },
      expected:
        "In a token, this short name meant s/admin. It now means a/admin, s/admin. If there are several, the token's audience selects one.",
    },
    {
      before: { resourceServers: { ...base.resourceServers, t: { scopes: {} } } },
      expected:
        "A token whose audience names only this resource server may now use each short scope name that exactly one other server declares.",
    },
  ])("$expected", ({ before = {}, after = {}, expected }) => {
    const { settings } = diffPolicies(from({ clients: {}, ...before }), from({ clients: {}, ...after }));
    expect(settings.map(({ message }) => message)).toContain(expected);
  });
});

test("no token grants more by its short names without a change that is noted as looser or incomparable", () => {
  const identifiers = ["a", "b", "c"];
  const scopes = fc.subarray(["read", "write"]).map((names) => ({
    scopes: Object.fromEntries(names.map((name) => [name, ""])),
  }));
  const declared = fc.record({ a: scopes, b: scopes, c: scopes });
  const kept = fc.subarray(identifiers);
  const audiences = fc.subarray([...identifiers, "none"], { minLength: 1 });
  fc.assert(
    fc.property(declared, kept, kept, audiences, audiences, (servers, before, after, accepted, audience) => {
      const [old, now] = [before, after].map((names) =>
        policy({
          ...routes(get({ public: true })),
          clients: {},
          issuers: { main: { ...ISSUER, audiences: accepted } },
          resourceServers: Object.fromEntries(Object.entries(servers).filter(([name]) => names.includes(name))),
        }),
      );
      if (old === undefined || now === undefined || !audience.some((it) => accepted.includes(it))) return;
      const grants = ({ issuers, ...rest }: Policy): readonly string[] =>
        [...issuers.values()].flatMap((issuer) => {
          const claims = { aud: audience, scope: "read write" };
          return grantedScopes(claims, issuer, rest, undefined).names;
        });
      const held = grants(old);
      // A scope that was not declared before is compared where routes require it.
      const gained = grants(now).some((name) => !held.includes(name) && old.scopes.byFullName.has(name));
      const kinds = new Set(diffPolicies(old, now).settings.map(({ kind }) => kind));
      if (gained) expect(kinds.has("looser") || kinds.has("incomparable")).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
