/**
 * Below `/_gateway/` the log took the caller's path for a route. A token in the path was logged, and many paths used up
 * the first lines, so that those of rare callers were not written.
 */
import { expect, it } from "vitest";
import { createEndpoints } from "../../../src/endpoints/endpoints.ts";
import { Exchange } from "../../../src/exchange.ts";
import { createDecisionLog } from "../../../src/telemetry/decision-log.ts";
import { FakeKeyStore } from "../../support/keys/fake-key-store.ts";
import { issuerOf, policyOf } from "../../support/policy/example-policy.ts";

const RESERVED = ["/_gateway/", "/_gateway/health/", "/.well-known/oauth-protected-resource", "/_gateway/jwks.json/"];

function gatewayWithSampledLog() {
  const lines: string[] = [];
  const log = createDecisionLog(
    { allow: 0, deny: 0, path: false },
    { log: (line) => lines.push(JSON.stringify(line)), logFailure: () => {}, bindings: {}, random: () => 0.5 },
  );
  const policy = policyOf([issuerOf()]);
  const endpoints = createEndpoints({ policy, keys: new FakeKeyStore(), digest: "" });
  const context = { policy, challenge: () => undefined, log, version: undefined, now: Date.now };
  const get = async (path: string) =>
    endpoints(new Exchange(new Request(`https://gw.example${path}`), context), path, () => {});
  return { lines, get };
}

it.each(RESERVED)("no text of a caller is in the log: %s", async (beginning) => {
  const { lines, get } = gatewayWithSampledLog();
  expect((await get(`${beginning}eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl`)).status).toBe(404);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain("eyJ");
});

it.each(RESERVED)("however many paths there are, only the first is a first line: %s", async (beginning) => {
  const { lines, get } = gatewayWithSampledLog();
  for (const end of ["a", "b", "c"]) await get(beginning + end);
  expect(lines).toHaveLength(1);
});
