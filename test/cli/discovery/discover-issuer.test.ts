import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { discoverIssuer, metadataUrls } from "../../../src/cli/discovery/discover-issuer.ts";
import { MAX_ISSUER_METADATA_BYTES } from "../../../src/limits.ts";
import { type LoopbackAnswer, type LoopbackIssuer, startLoopbackIssuer } from "../../support/cli/loopback-issuer.ts";

const OIDC = "/.well-known/openid-configuration";
const RFC8414 = "/.well-known/oauth-authorization-server";
const KEYS = "https://keys.example/certs";

let server: LoopbackIssuer;
beforeAll(async () => {
  server = await startLoopbackIssuer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe("the addresses of an issuer's metadata", () => {
  it.each([
    { issuer: "https://id.example", expected: [`https://id.example${OIDC}`, `https://id.example${RFC8414}`] },
    { issuer: "https://id.example/", expected: [`https://id.example${OIDC}`, `https://id.example${RFC8414}`] },
    {
      issuer: "https://id.example/a/b",
      expected: [`https://id.example/a/b${OIDC}`, `https://id.example${RFC8414}/a/b`],
    },
    { issuer: "https://id.example/a/", expected: [`https://id.example/a${OIDC}`, `https://id.example${RFC8414}/a`] },
    { issuer: "http://id.example", expected: [] },
    { issuer: "https://u:p@id.example", expected: [] },
    { issuer: "https://id.example?x", expected: [] },
    { issuer: "https://id.example#x", expected: [] },
    { issuer: "id", expected: [] },
  ])("of $issuer", ({ issuer, expected }) => {
    expect(metadataUrls(issuer)).toEqual(expected);
  });
});

describe("metadata", () => {
  it.each([
    { name: "like Keycloak's", path: "/realms/shop", at: `/realms/shop${OIDC}` },
    { name: "like Okta's", path: "/oauth2/default", at: `/oauth2/default${OIDC}` },
    { name: "like Auth0's, with a slash at the end", path: "/auth0/", at: `/auth0${OIDC}` },
    { name: "of RFC 8414 only", path: "/rfc8414", at: `${RFC8414}/rfc8414` },
  ])("is read $name", async ({ path, at }) => {
    const issuer = `${server.origin}${path}`;
    server.answer(at, { issuer, jwks_uri: KEYS, id_token_signing_alg_values_supported: ["RS256", 7] });
    expect(await discoverIssuer(issuer)).toEqual({
      ok: true,
      value: { url: `${server.origin}${at}`, jwksUri: KEYS, idTokenAlgorithms: ["RS256"] },
    });
  });

  it("is preferred from OpenID Connect, and the other document is not asked for", async () => {
    const issuer = `${server.origin}/both`;
    server.answer(`/both${OIDC}`, { issuer, jwks_uri: KEYS });
    server.answer(`${RFC8414}/both`, { issuer, jwks_uri: "https://other.example" });
    expect(await discoverIssuer(issuer)).toMatchObject({ value: { jwksUri: KEYS } });
    expect(server.asked).not.toContain(`${RFC8414}/both`);
  });

  it.each([
    { name: "another host", of: "https://other.example" },
    { name: "a slash more", of: "/" },
    { name: "nobody", of: undefined },
    { name: "a template of a tenant", of: "https://login.example/{tenantid}/v2.0" },
  ])("for $name is a mismatch, and ends the search", async ({ name, of }) => {
    const path = `/mismatch-${name.replaceAll(" ", "-")}`;
    const issuer = `${server.origin}${path}`;
    server.answer(`${path}${OIDC}`, { issuer: of === "/" ? `${issuer}/` : of, jwks_uri: KEYS });
    server.answer(`${RFC8414}${path}`, { issuer, jwks_uri: KEYS });
    expect(await discoverIssuer(issuer)).toMatchObject({ ok: false, failure: { kind: "mismatch" } });
    expect(server.asked).not.toContain(`${RFC8414}${path}`);
  });

  const bytes =
    (length: number): LoopbackAnswer =>
    (response) => {
      const start = `{"issuer":"${server.origin}/size-${length}","jwks_uri":"${KEYS}","x":"`;
      response.end(`${start}${"x".repeat(length - start.length - 2)}"}`);
    };

  it.each([
    { name: "as large as allowed", length: MAX_ISSUER_METADATA_BYTES, ok: true },
    { name: "one byte larger", length: MAX_ISSUER_METADATA_BYTES + 1, ok: false },
  ])("$name: $ok", async ({ length, ok }) => {
    server.answer(`/size-${length}${OIDC}`, bytes(length));
    expect(await discoverIssuer(`${server.origin}/size-${length}`)).toMatchObject({ ok });
  });

  it.each<{ name: string; answer: LoopbackAnswer; says: string }>([
    { name: "an error", answer: (response) => response.writeHead(500).end("secret-text"), says: "The status is 500." },
    {
      name: "a redirect",
      answer: (response) => response.writeHead(302, { location: `/elsewhere${OIDC}` }).end(),
      says: "It redirects",
    },
    { name: "HTML", answer: (response) => response.end("<p>secret-text</p>"), says: "not a JSON object" },
    {
      name: "text that is not UTF-8",
      answer: (response) => response.end(Buffer.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)),
      says: "not a JSON object",
    },
    { name: "a list", answer: [], says: "not a JSON object" },
    {
      name: "an issuer twice",
      answer: (response) => response.end('{"issuer":"a","issuer":"b"}'),
      says: "not a JSON object",
    },
    { name: "no answer", answer: () => undefined, says: "no answer within 200 ms" },
    {
      name: "an answer that does not end",
      answer: (response) => void response.writeHead(200).write("{"),
      says: "no answer within 200 ms",
    },
    {
      name: "an answer without end",
      answer: (response) => {
        const timer = setInterval(() => response.write("x".repeat(4096)), 1);
        response.on("close", () => clearInterval(timer));
      },
      says: "is larger than",
    },
    { name: "a broken connection", answer: (response) => response.destroy(), says: "could not be reached" },
  ])("that is $name is unavailable, and its text is not repeated", async ({ name, answer, says }) => {
    const path = `/bad-${name.replaceAll(" ", "-")}`;
    const issuer = `${server.origin}${path}`;
    server.answer(`${path}${OIDC}`, answer);
    server.answer(`/elsewhere${OIDC}`, { issuer, jwks_uri: KEYS });
    const found = await discoverIssuer(issuer, 200);
    expect(found).toMatchObject({ failure: { kind: "unavailable", message: expect.stringContaining(says) } });
    expect(found).toMatchObject({ failure: { message: expect.stringContaining("The status is 404.") } });
    expect(JSON.stringify(found)).not.toContain("secret-text");
    expect(server.asked).not.toContain(`/elsewhere${OIDC}`);
  });

  it.each([
    { name: "missing", jwks_uri: undefined },
    { name: "a number", jwks_uri: 7 },
    { name: "http elsewhere", jwks_uri: "http://keys.example" },
    { name: "relative", jwks_uri: "/keys" },
    { name: "with a fragment", jwks_uri: `${KEYS}#x` },
  ])("whose jwks_uri is $name is unavailable", async ({ name, jwks_uri }) => {
    const path = `/keys-${name.replaceAll(" ", "-")}`;
    const issuer = `${server.origin}${path}`;
    server.answer(`${path}${OIDC}`, { issuer, ...(jwks_uri !== undefined && { jwks_uri }) });
    expect(await discoverIssuer(issuer)).toMatchObject({
      failure: { kind: "unavailable", message: expect.stringContaining("`jwks_uri`") },
    });
  });

  it("of an issuer that cannot be reached, or cannot have any, is unavailable", async () => {
    const gone = await startLoopbackIssuer();
    await gone[Symbol.asyncDispose]();
    for (const issuer of [gone.origin, "http://id.example"]) {
      expect(await discoverIssuer(issuer, 500)).toMatchObject({ failure: { kind: "unavailable" } });
    }
  });
});
