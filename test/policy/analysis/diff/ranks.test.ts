import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import type { McpRules } from "../../../../src/policy/mcp/mcp-rules.ts";
import type {
  AssertionSettings,
  Client,
  CorsPolicy,
  Guarantee,
  Issuer,
  KeySettings,
  Policy,
  RateLimit,
  ServiceUpstream,
  Tenants,
  UrlUpstream,
} from "../../../../src/policy/policy.ts";
import { compiled } from "../../../support/policy/policy-file.ts";

type Members = Record<string, unknown>;
const ISSUER = { issuer: "https://issuer.example", profile: "rfc9068", audiences: ["api"] };
const base = {
  issuers: { main: ISSUER },
  resourceServers: { s: { scopes: { read: "", write: "" } } },
  clients: { app: { scopes: ["read"] } },
  upstreams: { u: { url: "https://one.example" } },
  routes: [{ path: "/a", methods: ["GET"], scopes: ["read"], upstream: "u" }],
};
const READ = base.routes[0];

/** The kinds of all changes, sorted. */
function kinds(before: Members, after: Members): string[] {
  // Read as JSON: a member that is `undefined` is not there.
  const policy = (members: Members) => compiled(JSON.parse(JSON.stringify({ ...base, ...members })));
  const { routes, settings } = diffPolicies(policy(before), policy(after));
  return [...routes, ...settings].map(({ kind }) => kind).sort();
}

/** A change, the kinds of it, and the kinds of the change back. */
interface Ranked {
  readonly before: Members;
  readonly after: Members;
  readonly there: readonly string[];
  readonly back: readonly string[];
}

const issuer = (before: Members, after: Members) => ({
  before: { issuers: { main: { ...ISSUER, ...before } } },
  after: { issuers: { main: { ...ISSUER, ...after } } },
});
const [TENANT, OTHER_TENANT] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const tenanted = {
  issuer: "https://issuer.example/{tenant}/v2.0",
  jwksUri: "https://issuer.example/keys",
  tenants: [TENANT],
  tenantClaim: "tid",
};
const tenants = (before: Members, after: Members) => issuer({ ...tenanted, ...before }, { ...tenanted, ...after });
const keys = (before: Members, after: Members) => issuer({ keys: before }, { keys: after });
const READ_ONE = { scopes: ["read"] };
const messages = (before: Members, after: Members) => {
  const routes = (own: Members) => [{ path: "/mcp", upstream: "u", mcp: { tools: { a: READ_ONE }, ...own } }];
  return { before: { routes: routes(before) }, after: { routes: routes(after) } };
};
const added = { there: ["added"], back: ["removed"] };
const cors = (before: Members, after: Members) => ({
  before: { cors: { origins: ["https://a.example"], ...before } },
  after: { cors: { origins: ["https://a.example"], ...after } },
});
const upstream = (before: Members, after: Members) => ({
  before: { upstreams: { u: { ...base.upstreams.u, ...before } } },
  after: { upstreams: { u: { ...base.upstreams.u, ...after } } },
});
const guarantee = (before: Members, after: Members) => ({
  before: { guarantees: [{ paths: ["/b"], never: true, ...before }] },
  after: { guarantees: [{ paths: ["/b"], never: true, ...after }] },
});
const ASSERTION = {
  issuer: "https://gateway.example",
  trustDomain: "internal.example",
  keys: { secret: "ASSERTION_KEYS" },
  claims: { tenant: "org" },
};
const ASSERTED = { assertion: ASSERTION, upstreams: { u: { ...base.upstreams.u, assertion: true } } };
const asserting = (before: Members, { u = true, ...after }: Members) => ({
  before: { ...ASSERTED, assertion: { ...ASSERTION, ...before } },
  after: { assertion: { ...ASSERTION, ...after }, upstreams: { u: { ...base.upstreams.u, assertion: u } } },
});
const LIMIT = { binding: "RL", limit: 100, periodSeconds: 60, by: "client" };
const limited = (before: Members, after: Members) => ({
  before: { rateLimits: { r: { ...LIMIT, ...before } }, routes: [{ ...READ, rateLimit: ["r"] }] },
  after: { rateLimits: { r: { ...LIMIT, ...after } }, routes: [{ ...READ, rateLimit: ["r"] }] },
});
const replaced = { there: ["incomparable"], back: ["incomparable"] };
const other = { there: ["other"], back: ["other"] };
const looser = { there: ["looser"], back: ["tighter"] };
const nothing = { before: {}, after: {}, there: [], back: [] };

/** Each table lists all members of its type, so a new member does not compile until its author says how it ranks. */
const POLICY: Readonly<Record<keyof Policy, Ranked>> = {
  realm: { before: {}, after: { realm: "other" }, ...other },
  hosts: { before: {}, after: { hosts: ["gw.example"] }, there: ["tighter"], back: ["looser"] },
  publicUrl: { before: {}, after: { publicUrl: "https://gw.example" }, there: ["moved"], back: ["moved"] },
  assertion: { before: {}, after: { assertion: ASSERTION }, there: ["added"], back: ["removed"] },
  cors: { before: {}, after: { cors: { origins: ["https://a.example"] } }, there: ["looser"], back: ["incomparable"] },
  issuers: {
    before: {},
    after: {
      clients: { app: { issuer: "main", scopes: ["read"] } },
      issuers: { main: ISSUER, more: { ...ISSUER, issuer: "https://more.example" } },
    },
    there: ["looser"],
    back: ["removed"],
  },
  resourceServers: {
    before: {},
    after: { resourceServers: { ...base.resourceServers, t: { scopes: {} } } },
    there: ["tighter"],
    back: ["looser"],
  },
  scopes: {
    before: {},
    after: { resourceServers: { s: { scopes: { read: "", write: "", more: "" } } } },
    there: ["headers"],
    back: ["headers"],
  },
  clients: {
    before: {},
    after: { clients: { ...base.clients, web: { scopes: [] } } },
    there: ["added"],
    // Its tokens are still accepted: the issuer does not enforce registrations.
    back: ["other"],
  },
  registrations: {
    before: { issuers: { main: { ...ISSUER, registeredClientsOnly: true } } },
    after: {
      issuers: { main: { ...ISSUER, registeredClientsOnly: true } },
      clients: { ...base.clients, web: { scopes: [] } },
    },
    there: ["looser"],
    back: ["removed"],
  },
  resources: { before: { resources: { "/a": {} } }, after: { resources: { "/a": { name: "A" } } }, ...other },
  upstreams: { ...upstream({}, { url: "https://two.example" }), there: ["moved"], back: ["moved"] },
  claimHeaders: {
    before: {},
    after: { claimHeaders: { "x-auth-subject": "username" } },
    there: ["identity"],
    back: ["identity"],
  },
  rateLimits: { ...limited({}, { limit: 200 }), ...looser },
  clientNames: { before: {}, after: { clients: { app: { name: "Web shop", scopes: ["read"] } } }, there: [], back: [] },
  unusedRateLimits: { before: {}, after: { rateLimits: { r: LIMIT } }, there: [], back: [] },
  dpop: { before: { dpop: { replay: "global" } }, after: { dpop: { replay: "isolate" } }, ...looser },
  mtls: { before: { mtls: { trust: "verified" } }, after: { mtls: { trust: "binding-only" } }, ...looser },
  telemetry: { before: {}, after: { telemetry: { allow: 0.1 } }, ...other },
  shadow: { before: {}, after: { shadow: "routes.next.json" }, ...other },
  revocation: { before: {}, after: { revocation: {} }, there: ["tighter"], back: ["looser"] },
  routes: { before: {}, after: { routes: [READ, { ...READ, path: "/b" }] }, there: ["added"], back: ["removed"] },
  table: nothing,
  testedClaims: nothing,
  byHost: {
    before: { hosts: ["a.example", "b.example"] },
    after: { hosts: ["a.example", "b.example"], routes: [READ, { ...READ, hosts: ["b.example"], path: "/b" }] },
    there: ["added"],
    back: ["removed"],
  },
  templates: {
    before: {},
    after: { routes: [{ ...READ, upstreamPath: "/v2/a" }] },
    there: ["moved"],
    back: ["moved"],
  },
  hasMessages: {
    before: {},
    after: {
      routes: [...base.routes, { path: "/mcp", upstream: "u", mcp: { tools: { t: { authenticated: true } } } }],
    },
    there: ["added", "other"],
    back: ["other", "removed"],
  },
  asksForAuthentication: {
    before: { routes: [READ] },
    after: { routes: [{ ...READ, authentication: { maxAgeSeconds: 60 } }] },
    there: ["tighter"],
    back: ["looser"],
  },
  hasConditions: {
    before: { routes: [READ] },
    after: { routes: [{ ...READ, scopes: [{ allOf: ["read", { claim: "/tier", in: ["gold"] }] }] }] },
    there: ["tighter"],
    back: ["looser"],
  },
  hasReports: {
    before: { routes: [READ] },
    after: { routes: [{ ...READ, report: { until: "2027-01-31" } }] },
    there: ["opened"],
    back: ["tighter"],
  },
  guarantees: {
    before: {},
    after: { guarantees: [{ paths: ["/b"], never: true }] },
    there: ["other"],
    back: ["looser"],
  },
};

const ISSUERS: Readonly<Record<keyof Issuer, Ranked>> = {
  name: { before: {}, after: { issuers: { renamed: ISSUER } }, there: [], back: [] },
  issuer: {
    ...issuer({}, { issuer: "https://two.example" }),
    there: ["looser", "removed"],
    back: ["looser", "removed"],
  },
  tenants: { ...tenants({}, { tenants: [TENANT, OTHER_TENANT] }), ...looser },
  jwksUri: { ...issuer({}, { jwksUri: "https://keys.example" }), ...replaced },
  profile: { ...issuer({ algorithms: ["RS256"] }, { algorithms: ["RS256"], profile: "generic" }), ...replaced },
  algorithms: { ...issuer({ algorithms: ["RS256"] }, { algorithms: ["RS256", "ES256"] }), ...looser },
  audiences: { ...issuer({}, { audiences: ["api", "b"] }), ...looser },
  scopeClaim: { ...issuer({}, { scopeClaim: "scp" }), ...replaced },
  audienceClaims: { ...issuer({ profile: "generic" }, { profile: "generic", audienceClaims: ["azp"] }), ...replaced },
  grants: { ...issuer({}, { grants: { groups: { staff: ["read"] } } }), ...looser },
  scopeNames: { ...issuer({ scopeNames: "full" }, { scopeNames: "short" }), ...looser },
  requestedScopeNames: {
    ...issuer({ scopeNames: "short" }, { scopeNames: "short", requestedScopeNames: "full" }),
    ...other,
  },
  clockToleranceSeconds: { ...issuer({}, { clockToleranceSeconds: 6 }), ...looser },
  binding: { ...issuer({}, { binding: { mtls: "accepted" } }), ...looser },
  registeredClientsOnly: { ...issuer({ registeredClientsOnly: true }, {}), ...looser },
  acrClaim: { ...issuer({}, { acrClaim: "acrs" }), ...replaced },
  acrOrder: { ...issuer({}, { acrOrder: ["password", "mfa"] }), ...looser },
  keys: { ...keys({}, { maxStaleSeconds: 31_536_000 }), ...looser },
};

const TENANTS: Readonly<Record<keyof Tenants, Ranked>> = {
  before: nothing,
  after: nothing,
  accepted: { ...tenants({}, { tenants: "any" }), ...looser },
  claim: { ...tenants({}, { tenantClaim: "tenant_id" }), ...replaced },
};

const KEYS: Readonly<Record<keyof KeySettings, Ranked>> = {
  refreshAfterSeconds: { ...keys({}, { refreshAfterSeconds: 601 }), ...looser },
  maxStaleSeconds: { ...keys({}, { maxStaleSeconds: 86_401 }), ...looser },
  cooldownSeconds: { ...keys({}, { cooldownSeconds: 31 }), ...other },
  publicationLagSeconds: { ...keys({}, { publicationLagSeconds: 300 }), ...other },
  timeoutMs: { ...keys({}, { timeoutMs: 3001 }), ...other },
};

const RESTRICTED = { issuers: { main: { ...ISSUER, registeredClientsOnly: true } } };

const CLIENTS: Readonly<Record<keyof Client, Ranked>> = {
  name: { before: {}, after: { clients: { renamed: { id: "app", scopes: ["read"] } } }, there: [], back: [] },
  id: { before: {}, after: { clients: { app: { id: "other", scopes: ["read"] } } }, ...replaced },
  issuer: {
    before: {
      issuers: { main: ISSUER, more: { ...ISSUER, issuer: "https://more.example" } },
      clients: { app: { issuer: "main", scopes: [] } },
    },
    after: {
      issuers: { main: ISSUER, more: { ...ISSUER, issuer: "https://more.example" } },
      clients: { app: { issuer: "more", scopes: [] } },
    },
    ...replaced,
  },
  scopes: {
    before: RESTRICTED,
    after: { ...RESTRICTED, clients: { app: { scopes: ["read", "write"] } } },
    ...looser,
  },
};

const UPSTREAMS: Readonly<Record<keyof UrlUpstream | keyof ServiceUpstream, Ranked>> = {
  name: {
    before: {},
    after: { upstreams: { v: base.upstreams.u }, routes: [{ ...READ, upstream: "v" }] },
    there: [],
    back: [],
  },
  kind: { ...upstream({}, { url: undefined, service: "ORDERS" }), there: ["moved"], back: ["moved"] },
  origin: { ...upstream({}, { url: "https://foreign.example" }), there: ["moved"], back: ["moved"] },
  pathPrefix: { ...upstream({}, { url: "https://one.example/v2" }), there: ["moved"], back: ["moved"] },
  binding: {
    ...upstream({ url: undefined, service: "ORDERS" }, { url: undefined, service: "STOCK" }),
    there: ["moved"],
    back: ["moved"],
  },
  via: { ...upstream({}, { via: "ERP_VPC" }), there: ["moved"], back: ["moved"] },
  timeoutMs: { ...upstream({}, { timeoutMs: 1 }), ...other },
  idleTimeoutMs: { ...upstream({}, { idleTimeoutMs: 1 }), ...other },
  retry: { ...upstream({}, { retry: true }), ...other },
  headers: { ...upstream({}, { headers: { "x-env": "prod" } }), there: ["headers"], back: ["looser"] },
  forwardAuthorization: {
    ...upstream({}, { forwardAuthorization: true }),
    there: ["token-forwarding"],
    back: ["headers"],
  },
  allowPathParameters: { ...upstream({}, { allowPathParameters: true }), there: ["looser"], back: ["removed"] },
  allowEncodedSlash: {
    before: { routes: [{ ...READ, path: "/a/:b" }] },
    after: { upstreams: { u: { ...base.upstreams.u, allowEncodedSlash: true } }, routes: [{ ...READ, path: "/a/:b" }] },
    there: ["looser"],
    back: ["removed"],
  },
  stripPrefix: { ...upstream({}, { stripPrefix: "/a" }), there: ["moved"], back: ["moved"] },
  allowHeaderNames: { ...upstream({}, { allowHeaderNames: ["x_legacy"] }), there: ["looser"], back: ["headers"] },
  assertion: { ...asserting({}, { u: false }), there: ["looser"], back: ["headers"] },
  originWide: { ...upstream({}, { originWide: true }), there: ["looser"], back: ["headers"] },
};

const moved = { there: ["moved"], back: ["moved"] };
const ASSERTIONS: Readonly<Record<keyof AssertionSettings, Ranked>> = {
  issuer: { ...asserting({}, { issuer: "https://other.example" }), ...moved },
  trustDomain: { ...asserting({}, { trustDomain: "other.example" }), ...moved },
  algorithm: { ...asserting({}, { algorithm: "EdDSA" }), ...moved },
  ttlSeconds: { ...asserting({}, { ttlSeconds: 61 }), ...looser },
  secret: { ...asserting({}, { keys: { secret: "OTHER_KEYS" } }), ...other },
  claims: {
    ...asserting({}, { claims: { tenant: "tid", tier: "tier" } }),
    there: ["identity", "identity"],
    back: ["headers", "identity"],
  },
  bindsRequest: { ...asserting({}, { bind: "request" }), there: ["tighter"], back: ["looser"] },
};

const RATE_LIMITS: Readonly<Record<keyof RateLimit, Ranked>> = {
  name: {
    ...limited({}, {}),
    after: { rateLimits: { renamed: LIMIT }, routes: [{ ...READ, rateLimit: ["renamed"] }] },
    there: [],
    back: [],
  },
  binding: { ...limited({}, { binding: "OTHER" }), ...other },
  limit: { ...limited({}, { limit: 101 }), ...looser },
  periodSeconds: { ...limited({}, { periodSeconds: 10 }), ...looser },
  by: { ...limited({}, { by: "subject" }), ...replaced },
  onError: { ...limited({ onError: "refuse" }, { onError: "allow" }), ...looser },
};

const CORS: Readonly<Record<keyof CorsPolicy, Ranked>> = {
  origins: {
    ...cors({}, { origins: ["https://a.example", "https://b.example"] }),
    there: ["looser"],
    back: ["tighter"],
  },
  maxAgeSeconds: { ...cors({}, { maxAgeSeconds: 1 }), ...other },
  exposedHeaders: { ...cors({}, { exposedHeaders: ["etag"] }), ...other },
  credentials: { ...cors({}, { credentials: true }), ...looser },
};

const exchanged = { there: ["looser", "other"], back: ["looser", "other"] };
const GUARANTEES: Readonly<Record<keyof Guarantee, Ranked>> = {
  name: { ...guarantee({}, { name: "renamed" }), there: [], back: [] },
  index: nothing,
  clients: { ...guarantee({}, { clients: ["app"] }), there: ["looser"], back: ["other"] },
  issuers: { ...guarantee({}, { issuers: ["main"] }), ...exchanged },
  methods: { ...guarantee({}, { methods: ["PUT"] }), ...exchanged },
  hosts: {
    before: { hosts: ["a.example"], guarantees: [{ paths: ["/b"], never: true }] },
    after: { hosts: ["a.example"], guarantees: [{ paths: ["/b"], never: true, hosts: ["a.example"] }] },
    ...exchanged,
  },
  paths: { ...guarantee({}, { paths: ["/c"] }), ...exchanged },
  mcp: { ...guarantee({}, { mcp: { tools: ["delete_*"] } }), ...exchanged },
  except: { ...guarantee({}, { except: [{ methods: ["PUT"] }] }), ...exchanged },
  claim: { ...guarantee({}, { never: undefined, requires: ["read"] }), ...exchanged },
};

const MESSAGES: Readonly<Record<keyof McpRules, Ranked>> = {
  name: { ...messages({}, { name: "Tools" }), ...other },
  methods: { ...messages({}, { methods: { ping: READ_ONE } }), ...added },
  tools: { ...messages({}, { tools: { a: READ_ONE, b: READ_ONE } }), ...added },
  resources: { ...messages({}, { resources: { "a://*": READ_ONE } }), ...added },
  prompts: { ...messages({}, { prompts: { "*": READ_ONE } }), ...added },
  streams: { ...messages({}, { streams: READ_ONE }), ...added },
  replies: { ...messages({}, { replies: READ_ONE }), ...added },
  origins: { ...messages({}, { origins: ["https://a.example"] }), ...looser },
  maxBodyBytes: { ...messages({}, { maxBodyBytes: 1_000_000 }), ...looser },
  filterLists: { ...messages({}, { filterLists: true }), ...other },
  requirements: nothing,
};

describe.each(
  Object.entries({
    "a policy": POLICY,
    "an issuer": ISSUERS,
    "an issuer's tenants": TENANTS,
    "an issuer's keys": KEYS,
    "a client": CLIENTS,
    "an upstream": UPSTREAMS,
    assertions: ASSERTIONS,
    "a rate limit": RATE_LIMITS,
    CORS,
    "a guarantee": GUARANTEES,
    "rules for messages": MESSAGES,
  }),
)("a change of %s", (_thing, members) => {
  it.each(Object.entries<Ranked>(members))("in %s has its kinds, there and back", (_member, ranked) => {
    expect(kinds(ranked.before, ranked.after)).toEqual(ranked.there);
    expect(kinds(ranked.after, ranked.before)).toEqual(ranked.back);
  });
});

describe("a guarantee for every registered client", () => {
  const all = { guarantees: [{ clients: ["*"], paths: ["/b"], never: true }] };
  const more = { ...all, clients: { ...base.clients, web: { scopes: [] } } };
  it("is the same when a client comes or goes", () => {
    expect(kinds(all, more)).toEqual(["added"]);
    expect(kinds(more, all)).toEqual(["other"]);
    expect(kinds({ ...all, ...RESTRICTED }, { ...more, ...RESTRICTED })).toEqual(["looser"]);
    expect(kinds({ ...more, ...RESTRICTED }, { ...all, ...RESTRICTED })).toEqual(["removed"]);
  });

  it("is less than one for every caller, and more than one for a single client", () => {
    const everyone = { ...more, guarantees: [{ paths: ["/b"], never: true }] };
    const one = { ...more, guarantees: [{ clients: ["app"], paths: ["/b"], never: true }] };
    expect([kinds(everyone, more), kinds(more, everyone)]).toEqual([["looser"], ["other"]]);
    expect([kinds(one, more), kinds(more, one)]).toEqual([["other"], ["looser"]]);
  });

  it("follows a client that is renamed, and not one that takes its name", () => {
    const before = { guarantees: [{ clients: ["app"], paths: ["/b"], never: true }] };
    const renamed = {
      guarantees: [{ ...before.guarantees[0], clients: ["b"] }],
      clients: { b: { id: "app", scopes: ["read"] } },
    };
    const taken = { ...before, clients: { app: { id: "b", scopes: [] }, b: { id: "app", scopes: ["read"] } } };
    expect(kinds(before, renamed)).toEqual([]);
    expect(kinds(before, taken)).toEqual(["added", "looser"]);
  });
});

describe("a claim header", () => {
  const tenant = { claimHeaders: { "x-tenant": "tenant" } };
  const plan = { claimHeaders: { "x-auth-plan": "plan" } };
  it.each([
    { name: "that is new", before: {}, after: tenant, expected: ["identity"] },
    { name: "that callers can send once it is gone", before: tenant, after: {}, expected: ["identity"] },
    { name: "that nobody can send once it is gone", before: plan, after: {}, expected: ["headers"] },
  ])("$name: $expected", ({ before, after, expected }) => {
    expect(kinds(before, after)).toEqual(expected);
  });
});

describe("a guarantee about paths that no route serves", () => {
  const never = { paths: ["/b"], never: true };
  const [guarded, moved] = [
    { guarantees: [{ paths: ["/a"], requires: ["read"] }] },
    { routes: [{ ...READ, path: "/b" }] },
  ];
  const messages = (before: Members, after: Members) =>
    diffPolicies(compiled({ ...base, ...before }), compiled({ ...base, ...after })).settings.map(
      ({ message }) => message,
    );
  it("is told as such where it is new", () => {
    expect(messages({}, { guarantees: [never] })).toEqual([
      "Newly guaranteed: never: /b. No route serves any of its paths.",
    ]);
  });

  it("is told as such where its routes are gone", () => {
    expect(messages(guarded, { ...guarded, ...moved })).toEqual([
      "Still guaranteed, but no route serves any of its paths now: /a requires read",
    ]);
    expect(messages({ ...guarded, ...moved }, guarded)).toEqual([]);
  });
});

describe("path parameters", () => {
  const allowed = { upstreams: { u: { ...base.upstreams.u, allowPathParameters: true } } };
  it("make a route looser that is served already, and are a part of one that is new", () => {
    expect(kinds({}, allowed)).toEqual(["looser"]);
    expect(kinds(allowed, { ...allowed, routes: [READ, { ...READ, path: "/b" }] })).toEqual(["added", "added"]);
  });
});

describe("encoded slashes", () => {
  const allowed = { upstreams: { u: { ...base.upstreams.u, allowEncodedSlash: true } } };
  const named = { ...READ, path: "/b/:c" };
  it("make a route looser that has a parameter, and are a part of one that is new", () => {
    expect(kinds({}, allowed)).toEqual([]);
    expect(kinds({ routes: [named] }, { ...allowed, routes: [named] })).toEqual(["looser"]);
    expect(kinds(allowed, { ...allowed, routes: [READ, named] })).toEqual(["added", "added"]);
  });
});
