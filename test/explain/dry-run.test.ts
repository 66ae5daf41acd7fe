import { describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { type DryRun, dryRun } from "../../src/explain/dry-run.ts";
import { anyConfirmation } from "../../src/policy/requirements/binding.ts";
import { admit } from "../../src/token/admit.ts";
import type { Authenticate } from "../../src/token/authenticate.ts";
import { exampleFile } from "../support/cli/run-scopegate.ts";
import { compiled } from "../support/policy/policy-file.ts";
import { accepted } from "../support/token/outcome.ts";
import { claimsOf, NOW_MS } from "../support/token/tokens.ts";

const API = "https://api.myecommerce.com";
const policy = compiled(exampleFile());
const nobody: Authenticate = () => new Denial("credentials-missing");
const reader: Authenticate = () => {
  const [issuer] = policy.issuers.values();
  if (issuer === undefined) throw new Error("The example has an issuer.");
  const token = accepted(admit(claimsOf({ scope: `${API}/read:orders` }), issuer, policy, NOW_MS));
  return { token, keySource: "memory", tokenCache: "miss" };
};

const file = exampleFile();
const withProofs = compiled({
  ...file,
  dpop: {},
  issuers: { cognito: { issuer: "https://issuer.example", profile: "cognito", binding: { dpop: "accepted" } } },
});
const SUBMIT = { method: "POST", url: "https://gateway.example/orders" };
const proven: Authenticate = () => {
  const [issuer] = withProofs.issuers.values();
  if (issuer === undefined) throw new Error("The example has an issuer.");
  const claims = claimsOf({ scope: `${API}/read:orders`, cnf: anyConfirmation("dpop") });
  return { token: accepted(admit(claims, issuer, withProofs, NOW_MS)), keySource: "memory", tokenCache: "miss" };
};

function ask(method: string, path: string, authenticate: Authenticate = nobody): Promise<DryRun> {
  return dryRun(policy, { method, url: `https://gateway.example${path}` }, authenticate);
}

describe("dryRun", () => {
  it("tells what would be forwarded", async () => {
    const run = await ask("GET", "/orders/7?page=2", reader);
    expect(run.denial).toBeUndefined();
    expect(run.exchange.route?.path).toBe("/orders/:id");
    expect(run.exchange.authentication?.token.clientId).toBe("admin");
    expect(new URL(run.forwarded?.url ?? "").search).toBe("?page=2");
    expect(run.forwarded?.headers.get("x-auth-scopes")).toBe(`${API}/read:orders`);
  });

  it.each([
    { name: "an ambiguous path", request: ["GET", "/orders//7"], reason: "path-ambiguous", status: 400 },
    { name: "an unknown path", request: ["GET", "/nowhere"], reason: "route-unknown", status: 404 },
    { name: "another method", request: ["PURGE", "/orders"], reason: "method-not-allowed", status: 405 },
    { name: "no token", request: ["GET", "/orders"], reason: "credentials-missing", status: 401 },
  ] as const)(
    "tells the denial of $name, and forwards nothing",
    async ({ request: [method, path], reason, status }) => {
      const run = await ask(method, path);
      expect(run.denial?.reason).toBe(reason);
      expect(run.response.status).toBe(status);
      expect(run.forwarded).toBeUndefined();
    },
  );

  it("tells the denial of a token that lacks a scope, and forwards nothing", async () => {
    const run = await ask("POST", "/orders", reader);
    expect(run.denial?.reason).toBe("scope-insufficient");
    expect(run.exchange.authentication?.token.granted.names).toEqual([`${API}/read:orders`]);
    expect(run.forwarded).toBeUndefined();
  });

  it.each([
    { name: "nobody", authenticate: nobody, schemes: ["Bearer", "DPoP"], failed: undefined },
    { name: "a bearer token", authenticate: reader, schemes: ["Bearer", "DPoP"], failed: "Bearer" },
    { name: "a token with a proof", authenticate: proven, schemes: ["Bearer", "DPoP"], failed: "DPoP" },
  ])("challenges $name with each scheme that serves, as the Worker does", async ({ authenticate, schemes, failed }) => {
    const { response, forwarded } = await dryRun(withProofs, SUBMIT, authenticate);
    const challenges = (response.headers.get("www-authenticate") ?? "").split(/, (?=Bearer|DPoP)/);
    expect(challenges.map((it) => it.split(" ")[0])).toEqual(schemes);
    expect(challenges.filter((it) => it.includes("error=")).map((it) => it.split(" ")[0])).toEqual(
      failed === undefined ? [] : [failed],
    );
    expect(challenges.at(-1)).toContain('algs="ES256 EdDSA"');
    expect(forwarded).toBeUndefined();
  });

  it("tells that one of the gateway's own endpoints answers", async () => {
    const run = await ask("GET", "/_gateway/health");
    expect([run.isEndpoint, run.denial, run.forwarded]).toEqual([true, undefined, undefined]);
  });

  it("tells that the gateway answers a preflight, with the route that the preflight asks about", async () => {
    const cors = compiled({ ...exampleFile(), cors: { origins: ["https://shop.example"] } });
    const preflight = { origin: "https://shop.example", method: "POST" };
    const asked = { method: "OPTIONS", url: "https://gateway.example/orders", preflight };
    const { outcome, route, response, forwarded } = await dryRun(cors, asked, nobody);
    expect([outcome, route?.methods, response.status, forwarded]).toEqual(["answered", ["POST"], 204, undefined]);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://shop.example");
  });

  it.each([
    { name: "of a refused method there is none", request: ["PURGE", "/orders"], expected: undefined },
    { name: "of path parameters it is that of the path", request: ["GET", "/orders;v=1"], expected: "/orders" },
    { name: "of an ambiguous path there is none", request: ["GET", "/orders//"], expected: undefined },
    { name: "of an endpoint there is none", request: ["GET", "/_gateway/health"], expected: undefined },
  ] as const)("tells the route: $name", async ({ request: [method, path], expected }) => {
    expect((await ask(method, path)).route?.path).toBe(expected);
  });

  it("hands the method to the gateway as it is written", async () => {
    expect((await ask("get", "/orders")).denial?.reason).toBe("method-not-allowed");
    expect((await ask("TRACE", "/orders")).denial?.reason).toBe("method-not-allowed");
  });

  it("throws what authentication throws", async () => {
    const error = new Error("The key set cannot be read.");
    const failing: Authenticate = () => Promise.reject(error);
    await expect(ask("GET", "/orders", failing)).rejects.toBe(error);
  });
});
