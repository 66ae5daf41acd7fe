/** Routes that only report, and routes that decide messages, on either side. */
import { beforeAll, expect, it } from "vitest";
import { reportUntil } from "../../src/policy/settings/report-only.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { compiled, policyFile } from "../support/policy/policy-file.ts";
import { sendThrough, shadowOf } from "../support/shadow/shadowed-gateway.ts";
import { claimsOf, createSigner, NOW_MS, NOW_SECONDS, type Signer, signToken } from "../support/token/tokens.ts";

const ISSUER = { issuer: "https://issuer.example", profile: "cognito", algorithms: ["ES256"], audiences: ["api"] };
const base = { ...policyFile(), issuers: { main: ISSUER } };
const route = { path: "/orders", methods: ["POST"], upstream: "orders" };
const TODAY = new Date(NOW_MS).toISOString().slice(0, 10);
const YESTERDAY = new Date(NOW_MS - reportUntil("1970-01-01").endsAt).toISOString().slice(0, 10);
const withRoute = (changes: object) => ({ ...base, routes: [{ ...route, ...changes }] });
const scopes = ["read:orders"];
const reporting = withRoute({ scopes, report: { until: TODAY } });
const enforcing = withRoute({ scopes });
const isPublic = withRoute({ public: true });
const mcp = (tools: object) => {
  const methods = { ping: { authenticated: true } };
  return { ...base, routes: [{ path: "/orders", upstream: "orders", mcp: { methods, tools } }] };
};

let signer: Signer;
let tokens: Readonly<Record<string, string>>;

beforeAll(async () => {
  signer = await createSigner("ES256");
  const claims = { iss: ISSUER.issuer, token_use: "access", client_id: "api", scope: "" };
  const sign = (changes: object = {}) => signToken(signer, claimsOf({ ...claims, ...changes }));
  tokens = { scopeless: await sign(), expired: await sign({ exp: NOW_SECONDS - 60 }) };
});

interface Case {
  readonly name: string;
  readonly enforced: object;
  readonly candidate: object;
  readonly token: string | undefined;
  /** The decision and the reason of both; `undefined`: no line. */
  readonly expected: readonly (string | undefined)[] | undefined;
}

const cases: readonly Case[] = [
  {
    name: "what a route reports is refused by the candidate that enforces",
    enforced: reporting,
    candidate: enforcing,
    token: "scopeless",
    expected: ["would-deny", "scope-insufficient", "deny", "scope-insufficient"],
  },
  {
    name: "so is a token that a route reports as expired",
    enforced: reporting,
    candidate: enforcing,
    token: "expired",
    expected: ["would-deny", "token-expired", "deny", "token-expired"],
  },
  {
    name: "a token that a route reports as expired does not matter to a public route",
    enforced: reporting,
    candidate: isPublic,
    token: "expired",
    expected: undefined,
  },
  {
    name: "what the policy refuses goes on where the candidate reports",
    enforced: enforcing,
    candidate: reporting,
    token: "scopeless",
    expected: ["deny", "scope-insufficient", "would-deny", "scope-insufficient"],
  },
  { name: "both report", enforced: reporting, candidate: reporting, token: "expired", expected: undefined },
  {
    name: "the days of a candidate's report are over",
    enforced: reporting,
    candidate: withRoute({ scopes, report: { until: YESTERDAY } }),
    token: undefined,
    expected: ["would-deny", "credentials-missing", "deny", "credentials-missing"],
  },
  {
    name: "nobody has read the token that goes on under both",
    enforced: isPublic,
    candidate: reporting,
    token: "scopeless",
    expected: undefined,
  },
  {
    name: "nobody has read the message that only the candidate decides",
    enforced: isPublic,
    candidate: mcp({}),
    token: undefined,
    expected: ["allow", undefined, "deny", "credentials-missing"],
  },
  {
    name: "a message that only the candidate decides is not judged",
    enforced: withRoute({ authenticated: true }),
    candidate: mcp({}),
    token: "scopeless",
    expected: ["allow", undefined, "unknown", undefined],
  },
];

it.each(cases)("$name", async ({ enforced, candidate, token, expected }) => {
  const { shadow, lines, failures } = await shadowOf({ ...enforced, shadow: "routes.next.json" }, candidate);
  const request = () =>
    new Request("https://gw.example/orders", {
      method: "POST",
      headers: { "x-request-id": "one", ...(token && { authorization: `Bearer ${tokens[token]}` }) },
      body: "{}",
    });
  const keys = new FakeKeyStore(keySetOf(signer.key));
  const policy = compiled(enforced);
  const alone = await sendThrough(policy, keys, request());
  const shadowed = await sendThrough(policy, keys, request(), shadow);
  expect(failures).toEqual([]);
  expect(
    lines.map((line) => [line["decision"], line["reason"], line["shadow_decision"], line["shadow_reason"]]),
  ).toEqual(expected === undefined ? [] : [expected]);
  expect([shadowed.answer, shadowed.reached]).toEqual([alone.answer, alone.reached]);
});
