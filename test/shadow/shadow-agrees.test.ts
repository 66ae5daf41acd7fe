/** A shadow against what it stands for: two gateways, one with the policy and one with the candidate. */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { judgedPair } from "../support/policy/judged-pair.ts";
import { compiled } from "../support/policy/policy-file.ts";
import { ALL_SCOPE_SETS, runs } from "../support/policy/random-policy.ts";
import { type Outcome, sendThrough, shadowOf } from "../support/shadow/shadowed-gateway.ts";
import { claimsOf, createSigner, NOW_SECONDS, type Signer, signToken } from "../support/token/tokens.ts";

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

/** Whether two gateways end a request otherwise, as the reference says. */
function differ(one: Outcome, other: Outcome): boolean {
  if (goesOn(one) !== goesOn(other)) return true;
  if (!goesOn(one)) return one.line.reason !== other.line.reason;
  return one.reached.map(urlOf).join() !== other.reached.map(urlOf).join();
}

function goesOn({ line: { decision } }: Outcome): boolean {
  return decision === "allow" || decision === "would-deny";
}

function urlOf(reached: string): string {
  return String(JSON.parse(reached)[0]);
}

it("a shadow changes no answer, and its line is what two gateways would have done", async () => {
  const seen = { lines: 0, unknown: 0, silent: 0 };
  await fc.assert(
    fc.asyncProperty(judgedPair, fc.array(head, { minLength: 1, maxLength: 12 }), async (pair, requests) => {
      const [enforced, candidate] = [compiled(pair.enforced), compiled(pair.candidate)];
      const { shadow, lines, failures, built } = await shadowOf(pair.enforced, pair.candidate);
      const keys = new FakeKeyStore(keySetOf(signer.key));
      for (const request of requests) {
        lines.length = 0;
        const [alone, shadowed, next] = [
          await sendThrough(enforced, keys, requestOf(request)),
          await sendThrough(enforced, keys, requestOf(request), shadow),
          await sendThrough(candidate, keys, requestOf(request)),
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
        // The request goes on, and nobody knows whether its token would be refused.
        const isUnread = line?.["shadow_decision"] === "allow" && next.line.decision === "would-deny";
        if (isUnread)
          expect([alone.hasReadToken, requestOf(request).headers.has("authorization")]).toEqual([false, true]);
        const expected = {
          event: "shadow",
          request_id: "one-request",
          method: request.method,
          issuer: alone.line.granted && alone.line.issuer,
          client_id: alone.line.granted && alone.line.client_id,
          route: alone.line.route,
          decision: alone.line.decision,
          reason: alone.line.reason,
          upstream: goesOn(alone) ? alone.line.upstream : undefined,
          shadow_route: next.line.route,
          shadow_decision: isUnread ? "allow" : next.line.decision,
          shadow_reason: isUnread ? undefined : next.line.reason,
          shadow_upstream: goesOn(next) ? next.line.upstream : undefined,
          shadow_policy: built.shadow?.digest,
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
