import { describe, expect, it } from "vitest";
import { checkIssuerOnline, ONLINE_CODES } from "../../../src/cli/discovery/check-issuer-online.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import type { Issuer } from "../../../src/policy/policy.ts";
import { keySetFor, type LoopbackIssuer, startLoopbackIssuer } from "../../support/cli/loopback-issuer.ts";
import { exampleFile } from "../../support/cli/run-scopegate.ts";

const METADATA = "/.well-known/openid-configuration";

function issuerOf(settings: Readonly<Record<string, unknown>>): Issuer {
  const main = { profile: "cognito", keys: { timeoutMs: 300 }, ...settings };
  const compiled = compilePolicy(exampleFile({ issuers: { main } }), {});
  const [issuer] = compiled.ok ? compiled.value.issuers.values() : [];
  if (issuer === undefined) throw new Error("The policy has faults.");
  return issuer;
}

/** An issuer whose metadata and keys agree, changed by `arrange`. */
async function findingsFor(arrange: (server: LoopbackIssuer) => unknown, settings = {}) {
  await using server = await startLoopbackIssuer();
  server.answer(METADATA, { issuer: server.origin, jwks_uri: `${server.origin}/keys` });
  server.answer("/keys", await keySetFor("RS256"));
  await arrange(server);
  const issuer = issuerOf({ issuer: server.origin, jwksUri: `${server.origin}/keys`, ...settings });
  const findings = await checkIssuerOnline(issuer);
  for (const { message, hint } of findings) expect(`${message} ${hint}`).toMatch(/\.$/);
  return findings.map(({ code, path }) => `${ONLINE_CODES[code]} ${code} ${path.join(".")}`);
}

const late = (): void => undefined;

describe("an issuer with tenants", () => {
  const TENANT = "11111111-1111-4111-8111-111111111111";
  const settingsFor = (origin: string, tenants: unknown) =>
    issuerOf({
      issuer: `${origin}/{tenant}/v2.0`,
      tenants,
      tenantClaim: "tid",
      jwksUri: `${origin}/keys`,
      profile: "generic",
      audiences: ["api"],
      algorithms: ["RS256"],
    });

  it.each([
    { name: "is asked for the metadata of its first tenant", tenants: [TENANT], of: TENANT, expected: [] },
    { name: "must be that of the tenant", tenants: [TENANT], of: "common", expected: ["issuer-mismatch"] },
    { name: "has none to ask for where any tenant is accepted", tenants: "any", of: undefined, expected: [] },
  ])("$name", async ({ tenants, of, expected }) => {
    await using server = await startLoopbackIssuer();
    server.answer("/keys", await keySetFor("RS256"));
    if (of !== undefined) {
      const document = { issuer: `${server.origin}/${of}/v2.0`, jwks_uri: `${server.origin}/${of}/keys` };
      server.answer(`/${TENANT}/v2.0${METADATA}`, document);
    }
    const findings = await checkIssuerOnline(settingsFor(server.origin, tenants));
    expect(findings.map(({ code }) => code)).toEqual(expected);
  });
});

describe("an issuer that is asked", () => {
  it.each<{ name: string; arrange: (server: LoopbackIssuer) => unknown; settings?: object; expected: string[] }>([
    { name: "agrees with the policy", arrange: () => undefined, expected: [] },
    {
      name: "has metadata for another issuer",
      arrange: (server) =>
        server.answer(METADATA, { issuer: "https://other.example", jwks_uri: `${server.origin}/keys` }),
      expected: ["error issuer-mismatch issuers.main.issuer"],
    },
    {
      name: "names another key set",
      arrange: (server) => server.answer(METADATA, { issuer: server.origin, jwks_uri: "https://keys.example/" }),
      expected: ["error jwks-uri-mismatch issuers.main.jwksUri"],
    },
    {
      name: "has no metadata",
      arrange: (server) => server.answer(METADATA, (response) => response.writeHead(404).end()),
      expected: ["warning metadata-unavailable issuers.main.issuer"],
    },
    {
      name: "has no key for the algorithms",
      arrange: async (server) => server.answer("/keys", await keySetFor("ES256")),
      expected: ["error unusable-key-set issuers.main.jwksUri"],
    },
    {
      name: "has a key for another algorithm that the policy accepts",
      arrange: async (server) => server.answer("/keys", await keySetFor("ES256")),
      settings: { algorithms: ["ES256"] },
      expected: [],
    },
    {
      name: "has no keys there",
      arrange: (server) => server.answer("/keys", (response) => response.writeHead(404).end()),
      expected: ["error unusable-key-set issuers.main.jwksUri"],
    },
    {
      name: "redirects to its keys",
      arrange: (server) => server.answer("/keys", (response) => response.writeHead(302, { location: "/other" }).end()),
      expected: ["error unusable-key-set issuers.main.jwksUri"],
    },
    {
      name: "has garbage there",
      arrange: (server) => server.answer("/keys", (response) => response.end("<p>")),
      expected: ["error unusable-key-set issuers.main.jwksUri"],
    },
    {
      name: "is late with its keys",
      arrange: (server) => server.answer("/keys", late),
      expected: ["warning keys-unreachable issuers.main.jwksUri"],
    },
    {
      name: "is late with everything",
      arrange: (server) => {
        for (const path of [METADATA, "/.well-known/oauth-authorization-server", "/keys"]) server.answer(path, late);
      },
      expected: ["warning metadata-unavailable issuers.main.issuer", "warning keys-unreachable issuers.main.jwksUri"],
    },
  ])("$name", async ({ arrange, settings, expected }) => {
    expect(await findingsFor(arrange, settings)).toEqual(expected);
  });
});
