import { describe, expect, it } from "vitest";
import type { Question } from "../../src/testing/question.ts";
import { readQuestion } from "../../src/testing/read-question.ts";
import { notesFile } from "../support/policy/notes-policy.ts";
import { compiled } from "../support/policy/policy-file.ts";

const policy = compiled(notesFile());
const get = { method: "GET", path: "/notes" };
const preflight = { origin: "https://app.example", method: "POST" };
const NOW = "2026-01-01T12:00:00Z";

function pathsOfFaults(question: Question): readonly string[] {
  const read = readQuestion(question, policy);
  if (read.ok) return [];
  for (const { message, hint } of read.failure) {
    expect(message).toMatch(/\.$/);
    expect(hint).not.toBe("");
  }
  return read.failure.map(({ path }) => path.join("."));
}

describe("a question has a fault", () => {
  it.each<{ name: string; input: Question; expected: readonly string[] }>([
    { name: "for an unknown client", input: { ...get, client: "nobody" }, expected: ["client"] },
    { name: "for a client's id in place of its name", input: { ...get, client: "WEB" }, expected: ["client"] },
    { name: "for an undeclared scope", input: { ...get, scopes: ["read:notes", "admin"] }, expected: ["scopes.1"] },
    { name: "for a wildcard, which no token has", input: { ...get, scopes: ["*:notes"] }, expected: ["scopes.0"] },
    { name: "for an unknown issuer", input: { ...get, scopes: [], issuer: "mian" }, expected: ["issuer"] },
    {
      name: "for another issuer than the client's",
      input: { ...get, client: "web", issuer: "partner" },
      expected: ["issuer"],
    },
    { name: "for an issuer without a token", input: { ...get, issuer: "main" }, expected: ["issuer"] },
    {
      name: "for an issuer beside a token",
      input: { ...get, token: "a", now: NOW, issuer: "main" },
      expected: ["issuer"],
    },
    {
      name: "for an issuer beside `iss`",
      input: { ...get, claims: { iss: "https://issuer.example" }, issuer: "main" },
      expected: ["issuer"],
    },
    { name: "for a token without a time", input: { ...get, token: "a.b.c" }, expected: ["token"] },
    { name: "for claims with an end and no time", input: { ...get, claims: { exp: 1 } }, expected: ["claims.exp"] },
    { name: "for claims with a begin and no time", input: { ...get, claims: { nbf: 1 } }, expected: ["claims.nbf"] },
    { name: "for claims with an age and no time", input: { ...get, claims: { iat: 1 } }, expected: ["claims.iat"] },
    { name: "for a time that nothing is compared with", input: { ...get, client: "web", now: NOW }, expected: ["now"] },
    {
      name: "for an authentication at a time",
      input: { ...get, claims: { auth_time: 1 } },
      expected: ["claims.auth_time"],
    },
    { name: "for a time that is none", input: { ...get, claims: {}, now: "soon" }, expected: ["now"] },
    { name: "for a token and a client", input: { ...get, token: "a", client: "web", now: NOW }, expected: ["client"] },
    { name: "for a token and claims", input: { ...get, token: "a", claims: {}, now: NOW }, expected: ["claims"] },
    { name: "for scopes and claims", input: { ...get, scopes: [], claims: {} }, expected: ["claims"] },
    { name: "for an empty path", input: { ...get, path: "" }, expected: ["path"] },
    { name: "for a path without a slash", input: { ...get, path: "notes" }, expected: ["path"] },
    { name: "for a method with a space", input: { ...get, method: "GET " }, expected: ["method"] },
    { name: "for a host with a path", input: { ...get, host: "notes.example/x" }, expected: ["host"] },
    { name: "for a preflight that is no OPTIONS", input: { ...get, preflight }, expected: ["preflight"] },
    {
      name: "for a preflight from a URL in place of an origin",
      input: { ...get, method: "OPTIONS", preflight: { ...preflight, origin: "https://app.example/" } },
      expected: ["preflight.origin"],
    },
    {
      name: "for a preflight for no method",
      input: { ...get, method: "OPTIONS", preflight: { ...preflight, method: "a b" } },
      expected: ["preflight.method"],
    },
    {
      name: "in each of its members",
      input: { ...get, path: "notes", client: "nobody", scopes: ["x"] },
      expected: ["path", "client"],
    },
  ])("$name", ({ input, expected }) => {
    expect(pathsOfFaults(input)).toEqual(expected);
  });
});

describe("a question has no fault", () => {
  it.each<{ name: string; input: Question }>([
    { name: "for nobody", input: get },
    { name: "for a client with its own issuer", input: { ...get, client: "web", issuer: "main" } },
    { name: "for a client with fewer scopes", input: { ...get, client: "web", scopes: [] } },
    { name: "for claims without times", input: { ...get, claims: { sub: "1" } } },
    { name: "for an authentication so long before the request", input: { ...get, claims: { auth_time: -60 } } },
    { name: "for claims with a time that matters to none of them", input: { ...get, claims: {}, now: NOW } },
    { name: "for a preflight", input: { ...get, method: "OPTIONS", preflight } },
    {
      name: "for a sandboxed preflight",
      input: { ...get, method: "OPTIONS", preflight: { ...preflight, origin: "null" } },
    },
    { name: "for a whole URL", input: { ...get, path: "https://notes.example/notes" } },
  ])("$name", ({ input }) => {
    expect(pathsOfFaults(input)).toEqual([]);
  });
});
