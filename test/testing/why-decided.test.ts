import { describe, expect, it } from "vitest";
import { decide } from "../../src/testing/decide-request.ts";
import type { Question } from "../../src/testing/question.ts";
import { notesFile } from "../support/policy/notes-policy.ts";
import { compiled } from "../support/policy/policy-file.ts";

const policy = compiled(notesFile());
const get = { method: "GET", path: "/notes" };
const preflight = { ...get, method: "OPTIONS" };

describe("the reason in words", () => {
  it.each<{ name: string; input: Question; expected: string }>([
    {
      name: "of a forwarded request",
      input: { ...get, client: "mirror" },
      expected: "GET /notes requires read:notes; the token grants read:notes.",
    },
    { name: "of a public route", input: { ...get, path: "/health" }, expected: "GET /health is public." },
    {
      name: "of any token",
      input: { ...get, path: "/notes/1", scopes: [] },
      expected: "GET /notes/:id requires any token; the token grants no scope that counts.",
    },
    {
      name: "of missing scopes",
      input: { ...get, method: "POST", client: "mirror" },
      expected: "POST /notes requires write:notes and read:notes; the token grants read:notes.",
    },
    {
      name: "of a refusal with a detail",
      input: { ...get, scopes: [], issuer: "partner" },
      expected: "(The client is not registered.)",
    },
    { name: "of another method", input: { ...get, method: "PUT" }, expected: "(It serves GET, HEAD, POST.)" },
    {
      name: "of an endpoint",
      input: { ...get, path: "/_gateway/health" },
      expected: "The path belongs to the gateway itself.",
    },
    {
      name: "of a preflight",
      input: { ...preflight, preflight: { origin: "https://app.example", method: "PUT" } },
      expected: "allows the origin, and the path serves GET, HEAD, POST.",
    },
    {
      name: "of a preflight from elsewhere",
      input: { ...preflight, preflight: { origin: "https://evil.example", method: "GET" } },
      expected: "does not allow the origin.",
    },
  ])("$name", async ({ input, expected }) => {
    expect((await decide(policy, input)).why).toContain(expected);
  });

  it("says that conditions are not met, beside what is required", async () => {
    const scopes = { allOf: ["read:notes", { claim: "tier", in: ["gold"] }] };
    const { routes, ...file } = notesFile();
    const route = { path: "/gold", methods: ["GET"], scopes, upstream: "notes" };
    const withCondition = compiled({ ...file, routes: [...routes, route] });
    const { reason, why } = await decide(withCondition, { ...get, path: "/gold", client: "mirror" });
    expect(reason).toBe("condition-not-met");
    expect(why).toBe(
      "GET /gold requires read:notes and tier in gold; the token grants read:notes, and the conditions are not met.",
    );
  });

  it("stays short where a token grants many scopes", async () => {
    const names = Array.from({ length: 200 }, (_, at) => `scope-${at}`);
    const scopes = Object.fromEntries(names.map((name) => [name, "One of many"]));
    const many = compiled({
      ...notesFile(),
      resourceServers: { "https://notes.example": { scopes } },
      clients: {},
      routes: [{ path: "/notes", methods: ["GET"], scopes: names, upstream: "notes" }],
    });
    const { why } = await decide(many, { ...get, scopes: names });
    expect(why).toContain("... (cut off)");
    expect(why.length).toBeLessThan(800);
  });
});
