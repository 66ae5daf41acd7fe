import { exportJWK, generateKeyPair } from "jose";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../../src/app.ts";
import type { Env } from "../../../src/env.ts";
import all from "../../../src/features/all.ts";
import { type Features, missingFeatures } from "../../../src/features/usage/missing-features.ts";
import type { FeatureName } from "../../../src/features/usage/used-features.ts";
import { buildPolicy } from "../../../src/policy/compiled/build-policy.ts";
import { FEATURE_NAMES, FEATURE_POLICIES } from "../../support/policy/feature-policies.ts";
import { compiled, policyFile } from "../../support/policy/policy-file.ts";

let env: Env;
beforeAll(async () => {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  env = {
    JWKS: { get: async () => null, put: async () => {} },
    REVOCATIONS: { get: async () => null, put: async () => {} },
    RL_STANDARD: { limit: async () => ({ success: true }) },
    SIGNING_KEYS: JSON.stringify({ keys: [{ ...(await exportJWK(privateKey)), kid: "one" }] }),
  };
});
afterEach(() => vi.restoreAllMocks());

const [without, only] = [
  (name: FeatureName): Features => ({ ...all, [name]: undefined }),
  (name: FeatureName): Features => ({ [name]: all[name] }),
];

/** The answer to a request without a token, how often anything was fetched, and the faults that were logged. */
async function ask(name: FeatureName, features: Features) {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "log").mockImplementation(() => {});
  const fetched = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("nothing may be fetched"));
  const app = createApp(await buildPolicy(FEATURE_POLICIES[name], env, policyFile()), env, features);
  const response = await app.fetch(new Request("https://gateway.example/orders"), { waitUntil: () => {} });
  const { type } = await response.json<{ type: string }>();
  return {
    answer: [response.status, type.replace(/^.*[:#/]/, "")],
    upstreamCalls: fetched.mock.calls.length,
    faults: error.mock.calls.map(([line]) => JSON.stringify(line)).join("\n"),
  };
}

describe.each(FEATURE_NAMES)("a policy that uses %s", (name) => {
  it("is never served by a Worker that lacks its module and has all others", async () => {
    const { answer, upstreamCalls, faults } = await ask(name, without(name));
    expect([answer, upstreamCalls]).toEqual([[500, "policy-invalid"], 0]);
    expect(faults).toContain(`The Worker was built for another policy: it has no module for \`${name}\`.`);
    expect(faults).toContain("#features");
  });

  it("is served by a Worker that has only its module", async () => {
    expect(await ask(name, only(name))).toEqual({ answer: [401, "credentials-missing"], upstreamCalls: 0, faults: "" });
  });

  it("has one fault for the absent module, and none with it", () => {
    const policy = compiled(FEATURE_POLICIES[name]);
    expect(missingFeatures(policy, without(name))).toHaveLength(1);
    expect(missingFeatures(policy, only(name))).toEqual([]);
  });

  it("finds the module under its name", async () => {
    const { default: module } = await import(`../../../src/features/${name}.ts`);
    expect(module).toBe(all[name]);
  });
});
