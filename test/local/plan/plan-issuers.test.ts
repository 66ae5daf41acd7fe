import { describe, expect, it } from "vitest";
import { planIssuers } from "../../../src/local/plan/plan-issuers.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";

const [A, B] = ["https://a.example", "https://b.example"];

function scopeNamesFor(issuer: object): Readonly<Record<string, string>> | undefined {
  const compiled = compilePolicy(
    {
      issuers: { main: { issuer: "https://id.example", ...issuer } },
      resourceServers: { [A]: { scopes: { only: "", both: "" } }, [B]: { scopes: { both: "" } } },
      upstreams: { up: { url: "https://up.example" } },
      routes: [{ path: "/", methods: ["GET"], authenticated: true, upstream: "up" }],
    },
    {},
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
  return planIssuers(compiled.value, () => false)[0]?.scopeNames;
}

describe("planIssuers names scopes in tokens", () => {
  it.each([
    {
      name: "in full where the policy says so",
      input: { profile: "cognito" },
      expected: [`${A}/only`, `${A}/both`, `${B}/both`],
    },
    {
      name: "by the short name where it means one scope, if the audience names no resource server",
      input: { profile: "generic", audiences: ["api"] },
      expected: ["only", `${A}/both`, `${B}/both`],
    },
    {
      name: "by the short name of the resource server that the audience names",
      input: { profile: "generic", audiences: [A] },
      expected: ["only", "both", `${B}/both`],
    },
    {
      name: "in full where two resource servers of the audience have the name",
      input: { profile: "generic", audiences: [A, B] },
      expected: ["only", `${A}/both`, `${B}/both`],
    },
    {
      name: "in full where the audience names a resource server without the scope",
      input: { profile: "generic", audiences: [B] },
      expected: [`${A}/only`, `${A}/both`, "both"],
    },
  ])("$name", ({ input, expected }) => {
    expect(Object.values(scopeNamesFor(input) ?? {})).toEqual(expected);
  });
});
