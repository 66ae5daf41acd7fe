/** The local stack with policies of other shapes than the example's: their issuers, tokens and upstreams. */
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, describe, expect, it } from "vitest";
import { exampleCalls } from "../../src/cli/dev/example-calls.ts";
import { FREE_PORTS } from "../../src/local/addresses.ts";
import { localSecret } from "../../src/local/issuer/clients.ts";
import { requestToken } from "../../src/local/request-token.ts";
import { type Stack, type StackOptions, startStack } from "../../src/local/stack.ts";
import { send } from "../support/local/service-client.ts";

const variable = (name: string) => `\${${name}}`;

const NOTES = { "https://notes.example": { scopes: { "notes:read": "Read", "notes:write": "Write" } } };
const ROUTES = [
  { path: "/notes/:id", methods: ["GET"], scopes: ["notes:read"], upstream: "notes" },
  { path: "/notes", methods: ["POST"], scopes: ["notes:write"], upstream: "notes" },
];
const CLIENTS = { reader: { scopes: ["notes:read"] }, writer: { scopes: ["notes:write"] } };
const UPSTREAMS = { notes: { url: "https://notes-backend.invalid/v1" } };

const stacks: Stack[] = [];
afterAll(() => Promise.all(stacks.map((stack) => stack.dispose())));

async function start(config: unknown, options: Partial<StackOptions> = {}): Promise<Stack> {
  const stack = await startStack({ ports: FREE_PORTS, readSource: async () => ({ config, vars: {} }), ...options });
  stacks.push(stack);
  return stack;
}

/** A token that the local issuer gives a client. */
function tokenFor({ tokenUrl }: Stack, clientId: string, scopes: readonly string[] = [], issuer?: string) {
  const url = issuer === undefined ? tokenUrl : `${tokenUrl}?issuer=${issuer}`;
  return requestToken({ tokenUrl: url, clientId, clientSecret: localSecret(clientId), scopes });
}

interface ShapeCase {
  readonly name: string;
  readonly input: { readonly issuer: object; readonly clients?: object; readonly upstreams?: object };
  readonly expected: { readonly header: object; readonly claims: object; readonly echo?: object };
}

const SHAPES: readonly ShapeCase[] = [
  {
    name: "a generic issuer that is written out, with a slash at its end",
    input: {
      issuer: { issuer: "https://acme.eu.auth0.example/", profile: "generic", audiences: ["https://notes.example"] },
    },
    expected: {
      header: { alg: "RS256", typ: "JWT" },
      claims: {
        iss: "https://acme.eu.auth0.example/",
        aud: "https://notes.example",
        azp: "reader",
        scope: "notes:read",
      },
    },
  },
  {
    name: "an issuer in a realm, with another address of its keys and its roles in a nested list",
    input: {
      issuer: {
        issuer: `${variable("KEYCLOAK")}/realms/notes`,
        jwksUri: `${variable("KEYCLOAK")}/realms/notes/protocol/openid-connect/certs`,
        profile: "generic",
        audiences: ["account", "notes-api"],
        scopeClaim: "/resource_access/notes-api/roles",
        algorithms: ["ES256"],
      },
    },
    expected: {
      header: { alg: "ES256", typ: "JWT" },
      claims: {
        iss: "https://keycloak.invalid/realms/notes",
        aud: ["account", "notes-api"],
        resource_access: { "notes-api": { roles: ["notes:read"] } },
      },
    },
  },
  {
    name: "an issuer of tenants, with `scp` and a key address on another path",
    input: {
      issuer: {
        issuer: `https://login.tenants.example/${variable("TENANT")}/v2.0`,
        jwksUri: `https://login.tenants.example/${variable("TENANT")}/discovery/v2.0/keys`,
        profile: "generic",
        audiences: ["api://notes"],
        scopeClaim: "scp",
      },
    },
    expected: {
      header: { alg: "RS256", typ: "JWT" },
      claims: { iss: "https://login.tenants.example/tenant/v2.0", aud: "api://notes", scp: "notes:read" },
    },
  },
  {
    name: "an issuer that follows RFC 9068, with another algorithm and registered clients only",
    input: {
      issuer: {
        issuer: "https://id.example",
        profile: "rfc9068",
        audiences: ["https://notes.example"],
        algorithms: ["EdDSA"],
        registeredClientsOnly: true,
      },
    },
    expected: {
      header: { alg: "EdDSA", typ: "at+jwt" },
      claims: {
        iss: "https://id.example",
        aud: "https://notes.example",
        sub: "reader",
        client_id: "reader",
        jti: expect.any(String),
        iat: expect.any(Number),
        scope: "notes:read",
      },
    },
  },
  {
    name: "a Cognito pool that is written out, with full names and audiences that are no clients",
    input: {
      issuer: {
        issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_NOTES",
        profile: "cognito",
        audiences: ["https://notes.example"],
      },
    },
    expected: {
      header: { alg: "RS256" },
      claims: { token_use: "access", scope: "https://notes.example/notes:read", aud: "https://notes.example" },
    },
  },
  {
    name: "no clients: any client gets the scopes that it asks for",
    input: {
      issuer: { issuer: "https://id.example", profile: "generic", audiences: ["notes"] },
      clients: {},
    },
    expected: { header: { alg: "RS256", typ: "JWT" }, claims: { azp: "reader", scope: "notes:read" } },
  },
  {
    name: "an upstream behind a service binding",
    input: {
      issuer: { issuer: "https://id.example", profile: "generic", audiences: ["notes"] },
      upstreams: { notes: { service: "NOTES" } },
    },
    expected: {
      header: { alg: "RS256", typ: "JWT" },
      claims: { azp: "reader" },
      echo: { path: "/notes/7?full=1" },
    },
  },
];

describe.each(SHAPES)("the local stack with $name", ({ input, expected }) => {
  it("mints tokens of that shape, which the gateway accepts, and echoes what the upstream would get", async () => {
    const { issuer, clients = CLIENTS, upstreams = UPSTREAMS } = input;
    const stack = await start({
      issuers: { main: issuer },
      resourceServers: NOTES,
      clients,
      upstreams,
      routes: ROUTES,
    });
    const scopes = Object.keys(clients).length === 0 ? ["notes:read"] : [];
    const token = await tokenFor(stack, "reader", scopes);
    const { kid, ...header } = decodeProtectedHeader(token);
    expect([kid, header]).toEqual([expect.any(String), expected.header]);
    expect(decodeJwt(token)).toMatchObject(expected.claims);

    const headers = { authorization: `Bearer ${token}`, "x-custom": "kept" };
    const allowed = await send(stack.urls.gateway, "GET /notes/7?full=1", { headers });
    expect([allowed.status, allowed.headers.get("x-served-by")]).toEqual([200, "echo"]);
    expect(allowed.body).toMatchObject({
      upstream: "notes",
      method: "GET",
      path: "/v1/notes/7?full=1",
      headers: { "x-custom": "kept", "x-auth-client-id": "reader" },
      body: "",
      ...expected.echo,
    });
    expect(JSON.stringify(allowed.body)).not.toContain(token);

    const refused = await send(stack.urls.gateway, "POST /notes", { headers, json: {} });
    expect([refused.status, refused.headers.get("x-served-by")]).toEqual([403, null]);
    expect(refused.body).toMatchObject({ type: "https://scopegate.dev/problems/scope-insufficient" });
  });
});

describe("the local stack with two issuers", () => {
  const config = {
    issuers: {
      staff: { issuer: "https://staff.example", profile: "cognito" },
      partners: { issuer: "https://partners.example/", profile: "generic", audiences: ["https://notes.example"] },
    },
    resourceServers: NOTES,
    clients: {
      reader: { id: "app", issuer: "staff", scopes: ["notes:read"] },
      partner: { id: "app", issuer: "partners", scopes: ["notes:write"] },
    },
    upstreams: UPSTREAMS,
    routes: ROUTES,
  };

  it("plays each with its own clients and keys", async () => {
    const stack = await start(config);
    const [staff, partner] = await Promise.all([
      tokenFor(stack, "app", [], "staff"),
      tokenFor(stack, "app", [], "partners"),
    ]);
    const answerTo = async (request: string, token: string) =>
      (await send(stack.urls.gateway, request, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await answerTo("GET /notes/1", staff)).toBe(200);
    expect(await answerTo("POST /notes", staff)).toBe(403);
    expect(await answerTo("POST /notes", partner)).toBe(200);
    expect(await answerTo("GET /notes/1", partner)).toBe(403);
    expect(decodeProtectedHeader(staff).kid).not.toBe(decodeProtectedHeader(partner).kid);
  });

  it("needs the name of the issuer in a token request", async () => {
    const stack = await start(config);
    await expect(tokenFor(stack, "app")).rejects.toMatchObject({ status: 400, code: "invalid_request" });
    await expect(tokenFor(stack, "app", [], "others")).rejects.toMatchObject({ code: "invalid_request" });
  });
});

describe("the local stack with real services", () => {
  const config = {
    issuers: { main: { issuer: "https://id.example", profile: "generic", audiences: ["notes"] } },
    resourceServers: NOTES,
    upstreams: { ...UPSTREAMS, bound: { service: "BOUND" } },
    routes: [
      ...ROUTES,
      { path: "/open", methods: ["GET"], public: true, upstream: "notes" },
      { path: "/bound", methods: ["GET"], public: true, upstream: "bound" },
    ],
  };

  it("sends requests to a real upstream, in place of a URL and of a service binding", async () => {
    const other = await start(config);
    const real = { issuers: {}, upstreams: { notes: `${other.urls.gateway}/_gateway`, bound: other.urls.gateway } };
    const stack = await start(
      { ...config, routes: [{ ...config.routes[2], path: "/health" }, config.routes[3]] },
      { real },
    );
    expect((await send(stack.urls.gateway, "GET /health")).body).toEqual({ status: "ok" });
    expect((await send(stack.urls.gateway, "GET /bound")).body).toMatchObject({ upstream: "bound", path: "/bound" });
  });

  it("verifies tokens of a real issuer with its keys, and plays it no longer", async () => {
    const issuer = { ...config.issuers.main, issuer: variable("ISSUER") };
    const other = await start({ ...config, issuers: { main: issuer } });
    const iss = String(other.plan.vars["ISSUER"]);
    const stack = await start(config, { real: { issuers: { main: iss }, upstreams: {} } });
    const headers = { authorization: `Bearer ${await tokenFor(other, "any", ["notes:read"])}` };
    expect((await send(stack.urls.gateway, "GET /notes/1", { headers })).status).toBe(200);
    expect(stack.plan.issuers).toEqual([]);
    await expect(tokenFor(stack, "any", ["notes:read"])).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("uses an upstream as soon as it answers, and its stand-in before", async () => {
    const later = await start(config);
    const address = later.urls.gateway;
    await later.dispose();
    const upstreams = { notes: { url: address } };
    const stack = await start({ ...config, upstreams, routes: [config.routes[2]] });
    expect((await send(stack.urls.gateway, "GET /open")).body).toMatchObject({ upstream: "notes", path: "/open" });
    const again = await start(config, { ports: { ...FREE_PORTS, gateway: Number(new URL(address).port) } });
    await expect
      .poll(async () => (await send(stack.urls.gateway, "GET /open")).body, { timeout: 5000 })
      .toMatchObject({ path: "/v1/open" });
    expect(again.urls.gateway).toBe(address);
  });
});

describe("a policy whose used proofs a Durable Object remembers", () => {
  it("is served, because the stack has the object", async () => {
    const issuer = { issuer: "https://issuer.example", profile: "cognito", binding: { dpop: "accepted" } };
    const shape = { resourceServers: NOTES, clients: CLIENTS, upstreams: UPSTREAMS, routes: ROUTES };
    const stack = await start({ ...shape, dpop: { replay: "global" }, issuers: { main: issuer } });
    const bearer = await tokenFor(stack, "reader");
    const answer = await send(stack.urls.gateway, "GET /notes/1", { headers: { authorization: `Bearer ${bearer}` } });
    expect([answer.status, answer.headers.get("x-served-by")]).toEqual([200, "echo"]);
  });
});

describe("a policy with a rate limit", () => {
  it("counts with the numbers of the policy, because the stack has the binding", async () => {
    const issuer = { issuer: "https://issuer.example", profile: "cognito" };
    const rateLimits = { once: { binding: "RL_ONCE", limit: 1, periodSeconds: 60, by: "client" } };
    const routes = ROUTES.map((route) => ({ ...route, rateLimit: ["once"] }));
    const shape = { resourceServers: NOTES, clients: CLIENTS, upstreams: UPSTREAMS, routes, rateLimits };
    const stack = await start({ ...shape, issuers: { main: issuer } });
    const authorization = `Bearer ${await tokenFor(stack, "reader")}`;
    const ask = async () => (await send(stack.urls.gateway, "GET /notes/1", { headers: { authorization } })).status;
    // A minute may end between the first two.
    expect([await ask(), await ask(), await ask()]).toContain(429);
    expect([await ask(), await ask()]).toContain(429);
  });
});

describe("a policy with faults", () => {
  it("serves nothing and says so, with no upstream call", async () => {
    const stack = await start({ issuers: {}, upstreams: UPSTREAMS, routes: ROUTES });
    const answer = await send(stack.urls.gateway, "GET /notes/1");
    expect([answer.status, answer.headers.get("x-served-by")]).toEqual([500, null]);
    expect(answer.body).toMatchObject({ type: "https://scopegate.dev/problems/policy-invalid" });
    expect(stack.plan.policy).toBeUndefined();
    expect(await exampleCalls(stack.plan, stack.urls.gateway, Date.now())).toEqual({ token: undefined, calls: [] });
  });
});
