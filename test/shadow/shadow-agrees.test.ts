/** A shadow against what it stands for: two gateways, one with the policy and one with the candidate. */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import type { Exchange } from "../../src/exchange.ts";
import { createGateway } from "../../src/gateway.ts";
import { buildPolicy } from "../../src/policy/compiled/build-policy.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { createShadow, type Shadow } from "../../src/shadow/create-shadow.ts";
import type { Decision } from "../../src/telemetry/decision.ts";
import { type Authenticate, createAuthenticator } from "../../src/token/authenticate.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { judgedPair } from "../support/policy/judged-pair.ts";
import { compiled } from "../support/policy/policy-file.ts";
import { ALL_SCOPE_SETS, runs } from "../support/policy/random-policy.ts";
import { claimsOf, createSigner, NOW_MS, NOW_SECONDS, type Signer, signToken } from "../support/token/tokens.ts";

let signer: Signer;
/** Values of `Authorization`, `null` for none. */
let credentials: readonly (string | null)[];

beforeAll(async () => {
  signer = await createSigner("RS256");
  const claims = (changes: object) => claimsOf({ iss: "https://issuer.example", token_use: "access", ...changes });
  const valid = ["one", "two", "three"].flatMap((client_id) =>
    ALL_SCOPE_SETS.map((scopes) => signToken(signer, claims({ client_id, scope: scopes.join(" ") }))),
  );
  const expired = signToken(signer, claims({ client_id: "one", exp: NOW_SECONDS - 60 }));
  const tokens = await Promise.all([...valid, expired]);
  const forged = `${tokens[0]?.slice(0, -8)}AAAAAAAA`;
  credentials = [
    null,
    "",
    "Basic x",
    "Bearer a b",
    "Bearer x.y.z",
    `Bearer ${forged}`,
    ...tokens.map((it) => `Bearer ${it}`),
  ];
});

const path = fc.oneof(
  fc
    .array(fc.constantFrom("a", "b", "c", "a;x", "a%2Fb", "%61", "%2e%2e", ""), { maxLength: 4 })
    .map((it) => `/${it.join("/")}`),
  fc.constantFrom(
    "/_gateway/health",
    "/_gateway/nothing",
    "/.well-known/oauth-protected-resource",
    `/a/${"x".repeat(9000)}`,
  ),
);
const head = fc.record({
  path,
  method: fc.constantFrom("GET", "HEAD", "POST", "PATCH", "OPTIONS", "REPORT"),
  host: fc.constantFrom("gw.example", "gw.example", "gw.example", "other.example", "unknown.example"),
  isPreflight: fc.boolean(),
  credential: fc.nat(),
});
type Head = typeof head extends fc.Arbitrary<infer Value> ? Value : never;

function requestOf({ path: target, method, host, isPreflight, credential }: Head): Request {
  const authorization = credentials[credential % credentials.length];
  return new Request(`https://${host}${target}`, {
    method,
    headers: {
      host,
      "x-request-id": "one-request",
      ...(typeof authorization === "string" && { authorization }),
      ...(isPreflight && { origin: "https://app.example", "access-control-request-method": "POST" }),
    },
    ...(method === "POST" && { body: "the body" }),
  });
}

/** What a gateway does with a request, all that a caller and an upstream see included. */
interface Outcome {
  readonly answer: string;
  readonly reached: readonly string[];
  readonly line: Decision;
  readonly path: string | undefined;
  readonly hasReadToken: boolean;
}

async function send(policy: Policy, request: Head, shadow?: Shadow): Promise<Outcome> {
  const reached: string[] = [];
  let line: Decision | undefined;
  let canonical: string | undefined;
  let hasReadToken = false;
  const authenticate = createAuthenticator({ policy, keys: new FakeKeyStore(keySetOf(signer.key)), now: () => NOW_MS });
  const noting: Authenticate = (...given) => {
    hasReadToken = true;
    return authenticate(...given);
  };
  const serve = createGateway({
    policy,
    now: () => NOW_MS,
    log: (it) => {
      line = it;
    },
    version: undefined,
    authenticate: noting,
    serveEndpoint: (exchange) => exchange.answer(new Response("own endpoint")),
    fetcherOf: () => async (input, init) => {
      const sent = new Request(input, { ...init, ...(input instanceof Request && { duplex: "half" }) });
      reached.push(await textOf(sent.url, sent.headers, sent.text()));
      return new Response("served");
    },
    setOwnHeaders: () => undefined,
    limitPauses: (response) => response,
    onDecision: (exchange: Exchange, denial) => {
      canonical = exchange.path;
      shadow?.(exchange, denial);
    },
  });
  const response = await serve(requestOf(request), () => {});
  const answer = await textOf(response.status, response.headers, response.text());
  if (line === undefined) throw new Error("The gateway has decided nothing.");
  return { answer, reached, line, path: canonical, hasReadToken };
}

/** Each request gets a new `traceparent`. */
async function textOf(first: unknown, headers: Headers, body: Promise<string>): Promise<string> {
  return JSON.stringify([first, [...headers].filter(([name]) => name !== "traceparent"), await body]);
}

type Line = Readonly<Record<string, unknown>>;

/** A shadow that notes its lines. */
async function shadowOf(enforced: object, candidate: object, policy: Policy) {
  const built = await buildPolicy(enforced, {}, candidate);
  if (!built.ok) throw new Error(JSON.stringify(built.failure));
  const lines: Line[] = [];
  const failures: Line[] = [];
  const shadow = createShadow(built.value, {
    policy,
    vars: {},
    log: (line) => lines.push({ ...line }),
    logFailure: (line) => failures.push({ ...line }),
    now: () => NOW_MS,
  });
  return { shadow, lines, failures, digest: built.value.shadow?.digest };
}

/** Whether two gateways end a request otherwise, as the reference says. */
function differ(one: Outcome, other: Outcome): boolean {
  if (one.line.decision !== "allow" || other.line.decision !== "allow") return one.line.reason !== other.line.reason;
  return one.reached.map(urlOf).join() !== other.reached.map(urlOf).join();
}

function urlOf(reached: string): string {
  return String(JSON.parse(reached)[0]);
}

it("a shadow changes no answer, and its line is what two gateways would have done", async () => {
  const seen = { lines: 0, unknown: 0, silent: 0 };
  await fc.assert(
    fc.asyncProperty(judgedPair, fc.array(head, { minLength: 1, maxLength: 12 }), async (pair, requests) => {
      const [enforced, candidate] = [compiled(pair.enforced), compiled(pair.candidate)];
      const { shadow, lines, failures, digest } = await shadowOf(pair.enforced, pair.candidate, enforced);
      for (const request of requests) {
        lines.length = 0;
        const [alone, shadowed, next] = [
          await send(enforced, request),
          await send(enforced, request, shadow),
          await send(candidate, request),
        ];
        expect([shadowed.answer, shadowed.reached]).toEqual([alone.answer, alone.reached]);
        const [line] = lines;
        if (line?.["shadow_decision"] === "unknown") {
          seen.unknown += 1;
          const mayBeUnknown =
            !alone.hasReadToken || alone.line.reason === "client-mismatch" || alone.path?.startsWith("/_gateway/");
          expect([mayBeUnknown, alone.line.reason]).toEqual([true, alone.line.reason]);
          continue;
        }
        const expected = {
          event: "shadow",
          request_id: "one-request",
          method: request.method,
          issuer: alone.line.granted && alone.line.issuer,
          client_id: alone.line.granted && alone.line.client_id,
          route: alone.line.route,
          decision: alone.line.decision,
          reason: alone.line.reason,
          upstream: alone.line.decision === "allow" ? alone.line.upstream : undefined,
          shadow_route: next.line.route,
          shadow_decision: next.line.decision,
          shadow_reason: next.line.reason,
          shadow_upstream: next.line.decision === "allow" ? next.line.upstream : undefined,
          shadow_policy: digest,
        };
        const isLogged = differ(alone, next);
        seen[isLogged ? "lines" : "silent"] += 1;
        expect(lines).toEqual(isLogged ? [expected] : []);
      }
      expect(failures).toEqual([]);
    }),
    runs(150),
  );
  expect(Math.min(seen.lines, seen.unknown, seen.silent)).toBeGreaterThan(20);
}, 60_000);
