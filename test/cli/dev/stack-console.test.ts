import { describe, expect, it } from "vitest";
import { policyOfStack } from "../../../src/cli/dev/stack-console.ts";
import { parsePolicySource } from "../../../src/cli/policy-file/policy-source.ts";
import { exampleFile } from "../../support/cli/run-scopegate.ts";

const NONE = { issuers: {}, upstreams: {} };
const variable = (name: string) => `\${${name}}`;
const file = exampleFile({
  issuers: { main: { issuer: variable("ISSUER_URL"), profile: "cognito" } },
  clients: {},
});
const source = parsePolicySource("routes.json", JSON.stringify(file));

async function issuerWith(vars: Readonly<Record<string, unknown>>, real = NONE): Promise<string | undefined> {
  const { policy } = await policyOfStack("routes.json", real, () => vars).compile(source);
  return policy.issuers.values().next().value?.issuer;
}

describe("the policy of a stack", () => {
  it("has the vars of the stack", async () => {
    expect(await issuerWith({ ISSUER_URL: "http://127.0.0.1:8788/main" })).toBe("http://127.0.0.1:8788/main");
  });

  it("has made-up values for vars that the stack does not have yet, or that nobody may see", async () => {
    expect(await issuerWith({})).toMatch(/^https:\/\/issuer-url\.invalid/);
  });

  it("has the addresses of real services", async () => {
    const real = { issuers: { main: "https://real.example/pool" }, upstreams: {} };
    expect(await issuerWith({}, real)).toBe("https://real.example/pool");
  });

  it("changes with the vars of the stack", () => {
    let vars: Readonly<Record<string, unknown>> = { A: "a" };
    const { dependsOn } = policyOfStack("routes.json", NONE, () => vars);
    const before = dependsOn();
    expect(dependsOn()).toBe(before);
    vars = { A: "b" };
    expect(dependsOn()).not.toBe(before);
  });
});
