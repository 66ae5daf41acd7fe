import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askedRequest } from "../../src/explain/asked-request.ts";
import { assumedCaller, nobody } from "../../src/explain/caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { compilePolicy } from "../../src/policy/compile/compile-policy.ts";
import { decide } from "../../src/testing/decide-request.ts";
import type { Decision } from "../../src/testing/decision.ts";
import type { Question } from "../../src/testing/question.ts";
import { NOTES, notesFile } from "../support/policy/notes-policy.ts";
import { compiled } from "../support/policy/policy-file.ts";
import { ALL_METHODS, ALL_PATHS, ALL_SCOPE_SETS, randomPolicyFile, runs } from "../support/policy/random-policy.ts";
import { assemble } from "../support/token/tokens.ts";

const policy = compiled(notesFile());
const get = { method: "GET", path: "/notes" };
const expired = { exp: 1_767_268_800 };
const EXPIRY = "2026-01-01T12:00:00Z";

interface Case {
  readonly name: string;
  readonly input: Question;
  readonly expected: Partial<Decision>;
}

const forwarded = { outcome: "forwarded", reason: undefined, status: undefined, upstream: "notes" } as const;
const refused = { outcome: "refused", upstream: undefined } as const;

describe("a request is decided", () => {
  it.each<Case>([
    { name: "for a client", input: { ...get, client: "web" }, expected: { ...forwarded, route: "/notes" } },
    { name: "for scopes by short name", input: { ...get, scopes: ["read:notes"] }, expected: forwarded },
    { name: "for scopes by full name", input: { ...get, scopes: [`${NOTES}/read:notes`] }, expected: forwarded },
    {
      name: "for fewer scopes than a client has",
      input: { ...get, client: "web", scopes: ["write:notes"] },
      expected: { ...refused, reason: "scope-insufficient", status: 403, granted: [`${NOTES}/write:notes`] },
    },
    {
      name: "for more scopes than a client may have, where the registration counts",
      input: { method: "POST", path: "/notes", client: "mirror", scopes: ["read:notes", "write:notes"] },
      expected: {
        ...refused,
        reason: "scope-insufficient",
        required: [`${NOTES}/write:notes`, `${NOTES}/read:notes`],
        granted: [`${NOTES}/read:notes`],
      },
    },
    {
      name: "for scopes without a client, where clients must be registered",
      input: { ...get, scopes: ["read:notes"], issuer: "partner" },
      expected: { ...refused, reason: "client-mismatch", status: 401 },
    },
    { name: "for a token without scopes", input: { ...get, path: "/notes/1", scopes: [] }, expected: forwarded },
    {
      name: "for nobody",
      input: get,
      expected: { ...refused, reason: "credentials-missing", status: 401, route: "/notes", granted: undefined },
    },
    {
      name: "for nobody on a public route",
      input: { ...get, path: "/health" },
      expected: { ...forwarded, required: [], route: "/health" },
    },
    {
      name: "for claims, with what the profile requires",
      input: { ...get, claims: { scope: "read:notes" } },
      expected: { ...forwarded, granted: [`${NOTES}/read:notes`] },
    },
    {
      name: "for claims of a named issuer",
      input: { ...get, claims: { azp: "mirror", scope: "read:notes" }, issuer: "partner" },
      expected: forwarded,
    },
    {
      name: "for claims with an audience of their own",
      input: { ...get, claims: { scope: "read:notes", aud: "https://other.example" } },
      expected: { ...refused, reason: "audience-mismatch" },
    },
    {
      name: "for claims that are expired",
      input: { ...get, claims: { ...expired, scope: "read:notes" }, now: "2026-01-01T12:00:05Z" },
      expected: { ...refused, reason: "token-expired" },
    },
    {
      name: "for claims that are about to expire",
      input: { ...get, claims: { ...expired, scope: "read:notes" }, now: "2026-01-01T12:00:04.999Z" },
      expected: forwarded,
    },
    {
      name: "for claims of an unknown issuer",
      input: { ...get, claims: { iss: "https://else.example", scope: "read:notes" } },
      expected: { ...refused, reason: "issuer-unknown" },
    },
    {
      name: "for a token, except its signature",
      input: { ...get, token: token({ scope: "read:notes" }), now: EXPIRY },
      expected: forwarded,
    },
    {
      name: "for a token at its end",
      input: { ...get, token: token({ scope: "read:notes" }), now: Date.parse("2026-01-01T12:59:00Z") },
      expected: { ...refused, reason: "token-expired" },
    },
    {
      name: "for a token that is none",
      input: { ...get, token: "abc", now: EXPIRY },
      expected: { ...refused, reason: "token-malformed", status: 401 },
    },
    {
      name: "for a path that can be read in two ways",
      input: { ...get, path: "/notes/..%2Fadmin", client: "web" },
      expected: { ...refused, reason: "path-ambiguous", status: 400, route: undefined },
    },
    {
      name: "for path parameters, with the route that takes none",
      input: { ...get, path: "/notes;v=1", client: "web" },
      expected: { ...refused, reason: "path-ambiguous", route: "/notes" },
    },
    { name: "for an unknown path", input: { ...get, path: "/x" }, expected: { ...refused, reason: "route-unknown" } },
    {
      name: "for another method",
      input: { ...get, method: "DELETE", client: "web" },
      expected: { ...refused, reason: "method-not-allowed", status: 405, route: undefined },
    },
    {
      name: "for a method in lower case",
      input: { ...get, method: "get" },
      expected: { ...refused, reason: "method-not-allowed" },
    },
    { name: "for a served host", input: { ...get, host: "localhost:8787", client: "web" }, expected: forwarded },
    {
      name: "for another host",
      input: { ...get, host: "notes.example.", client: "web" },
      expected: { ...refused, reason: "host-unknown", status: 421 },
    },
    {
      name: "for an endpoint of the gateway",
      input: { ...get, path: "/_gateway/health" },
      expected: { outcome: "answered", status: undefined, route: undefined, upstream: undefined },
    },
  ])("$name", async ({ input, expected }) => {
    expect(await decide(policy, input)).toMatchObject(expected);
  });
});

describe("a preflight is decided", () => {
  const preflight = (origin: string, method: string) => ({
    method: "OPTIONS",
    path: "/notes",
    preflight: { origin, method },
  });

  it.each([
    { name: "for an allowed origin", input: preflight("https://app.example", "POST"), expected: "permitted" },
    { name: "for another origin", input: preflight("https://evil.example", "POST"), expected: "refused" },
    { name: "for a sandboxed origin", input: preflight("null", "POST"), expected: "refused" },
    {
      name: "for a method that the path lacks",
      input: preflight("https://app.example", "DELETE"),
      expected: "refused",
    },
  ])("$name", async ({ input, expected }) => {
    expect(await decide(policy, input)).toMatchObject({ outcome: "answered", status: 204, preflight: expected });
  });

  it("as any other OPTIONS request where the policy has no `cors`", async () => {
    const { cors: _, ...file } = notesFile() as Readonly<Record<string, unknown>>;
    const closed = compiled(file);
    const { outcome, reason, preflight: result } = await decide(closed, preflight("https://app.example", "POST"));
    expect([outcome, reason, result]).toEqual(["refused", "method-not-allowed", undefined]);
  });
});

describe("a decision", () => {
  it("says why in one line, without anything of the token", async () => {
    const why = async (question: Question) => (await decide(policy, question)).why;
    expect(await why({ ...get, client: "web", scopes: ["write:notes"] })).toBe(
      "GET /notes requires read:notes; the token grants write:notes.",
    );
    expect(await why({ ...get, method: "PUT" })).toContain("(It serves GET, HEAD, POST.)");
    const secret = await why({ ...get, token: token({ sub: "top-secret", aud: "no" }), now: EXPIRY });
    expect(secret).not.toContain("top-secret");
  });

  it("takes members that are undefined as left out", async () => {
    const question = { ...get, client: undefined, scopes: undefined, host: undefined, now: undefined };
    expect((await decide(policy, question)).reason).toBe("credentials-missing");
  });

  it("is that of explain", async () => {
    const scopes = fc.option(fc.constantFrom(...ALL_SCOPE_SETS), { nil: undefined });
    const path = fc.constantFrom(...ALL_PATHS.flatMap((it) => [it, `${it};v`, `${it}/..`, `${it}//`]));
    const method = fc.constantFrom(...ALL_METHODS, "get", "TRACE");
    await fc.assert(
      fc.asyncProperty(randomPolicyFile, method, path, scopes, async (file, verb, target, names) => {
        const random = compiled(file);
        const asked = askedRequest({ method: verb, path: target, host: undefined }, random);
        if (!asked.ok) throw new Error(asked.failure.message);
        const caller = names === undefined ? nobody : assumedCaller({ client: undefined, scopes: names }, random);
        const said = await explainRequest(random, asked.value, caller);
        const decision = await decide(random, { method: verb, path: target, scopes: names });
        expect(decision).toMatchObject({
          outcome: said.outcome,
          reason: said.refusal?.reason,
          status: said.refusal?.status,
          route: said.route?.path,
          upstream: said.forwarded?.upstream,
          granted: said.caller.granted,
        });
      }),
      runs(500),
    );
  });
});

describe("a question is refused", () => {
  it.each<{ name: string; input: object; says: string }>([
    { name: "about an unknown client", input: { ...get, client: "wbe" }, says: "$.client: There is no client `wbe`" },
    { name: "with an unknown member", input: { ...get, scope: "read:notes" }, says: "Did you mean `scopes`?" },
    { name: "without a method", input: { path: "/notes" }, says: "$.method: `method` is missing." },
    { name: "with one scope as a text", input: { ...get, scopes: "read:notes" }, says: "$.scopes: Found" },
  ])("$name", async ({ input, says }) => {
    await expect(decide(policy, input as Question)).rejects.toThrow(says);
    await expect(decide(policy, input as Question)).rejects.toBeInstanceOf(TypeError);
  });

  it.each([
    { name: "a file that is not compiled", input: notesFile() },
    { name: "a result that is not unwrapped", input: compilePolicy(notesFile(), {}) },
    { name: "nothing", input: undefined },
  ])("if the policy is $name", async ({ input }) => {
    await expect(decide(input as never, get)).rejects.toThrow("This is not a compiled policy.");
  });
});

function token(claims: Readonly<Record<string, unknown>>): string {
  const complete = { iss: "https://issuer.example", sub: "s", client_id: "web", jti: "j", aud: NOTES, ...claims };
  const times = { iat: 1_767_265_200, exp: 1_767_270_000 };
  return assemble({ alg: "ES256", kid: "k", typ: "at+jwt" }, { ...complete, ...times });
}

it("grants what the groups in claims are mapped to", async () => {
  const file = notesFile();
  const [name = "", issuer] = Object.entries(file.issuers)[0] ?? [];
  const grants = { groups: { staff: ["read:notes"] } };
  const mapped = compiled({ ...file, issuers: { ...file.issuers, [name]: { ...issuer, grants } } });
  const decided = async (groups: unknown) =>
    decide(mapped, { ...get, issuer: name, claims: { client_id: "web", groups } });
  expect(await decided(["staff"])).toMatchObject({ outcome: "forwarded", granted: [`${NOTES}/read:notes`] });
  expect(await decided(["lead"])).toMatchObject({ outcome: "refused", reason: "scope-insufficient", granted: [] });
});
