/** What `explain` says is what happens: compared with the stages themselves, and with the Worker over HTTP. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { assumedCaller, callerWithToken, nobody } from "../../../src/explain/caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import { canonicalPath } from "../../../src/policy/routing/canonical-path.ts";
import { call, statusAndReason } from "../../support/e2e/call.ts";
import { startGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import {
  ALL_METHODS,
  ALL_PATHS,
  ALL_SCOPE_SETS,
  CLIENTS,
  permits,
  randomPolicyFile,
  runs,
  served,
} from "../../support/policy/random-policy.ts";

/** Spellings that the first stage folds, refuses or passes on. */
const path = fc
  .tuple(
    fc.constantFrom(...ALL_PATHS),
    fc.constantFrom("", "", "", "", "", ";v=1", "%41", "%61", "//", "/../a", "/.", "%2F", "?q=1"),
  )
  .map(([plain, more]) => plain + more);
const method = fc.constantFrom(...ALL_METHODS, "OPTIONS", "TRACE", "get");
const scopes = fc.option(fc.constantFrom(...ALL_SCOPE_SETS), { nil: undefined });

const ORIGIN = "https://gateway.example";

it("agrees with the stages of the gateway", async () => {
  await fc.assert(
    fc.asyncProperty(randomPolicyFile, path, method, scopes, async (file, target, verb, granted) => {
      const policy = compiled(file);
      const url = new URL(ORIGIN + target).href;
      const isClosed = [...policy.issuers.values()].some((it) => it.registeredClientsOnly);
      const client = isClosed ? policy.clients.get("one") : undefined;
      const caller = granted === undefined ? nobody : assumedCaller({ client, scopes: granted }, policy);
      const said = await explainRequest(policy, { method: verb, url }, caller);

      const canonical = canonicalPath(new URL(url).pathname);
      const route = served(policy, verb, new URL(url).pathname);
      const registered = client?.scopes;
      const counting = granted?.filter((name) => registered?.has(name) ?? true);
      const isPermitted = route !== undefined && permits(policy, route, counting);
      expect(said.outcome).toBe(isPermitted ? "forwarded" : "refused");
      expect(said.refusedAt).toBe(stageThatRefuses());
      expect(said.forwarded?.upstream).toBe(isPermitted ? route.upstream.name : undefined);
      if (route !== undefined) {
        expect(said.route?.index).toBe(route.index);
        const outcome = said.requirement?.outcome;
        if (outcome) expect(outcome.met).toBe(permits(policy, route, counting ?? []));
        for (const { scopes: set } of said.requirement?.sufficient ?? [])
          expect(permits(policy, route, set)).toBe(true);
      }

      function stageThatRefuses(): string | undefined {
        if (!canonical.ok) return "canonicalize";
        if (route === undefined) return "match";
        if (isPermitted) return undefined;
        return granted === undefined ? "authenticate" : "authorize";
      }
    }),
    runs(2_000),
  );
});

let issuer: TestIssuer;
let upstream: TestUpstream;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
});
afterAll(async () => {
  await Promise.all([issuer.stop(), upstream.stop()]);
});

/** One policy each, and as many requests as a Worker answers while the next one starts. */
const POLICIES = Number(process.env["WORKER_POLICIES"] ?? 3);
const REQUESTS_PER_POLICY = 100;

it("agrees with the running Worker", { timeout: 20_000 + POLICIES * 10_000 }, async () => {
  const request = fc.record({
    path,
    method: method.filter((it) => it !== "get"),
    scopes,
    client: fc.constantFrom(...CLIENTS, "else"),
  });
  const requests = fc.array(request, { minLength: REQUESTS_PER_POLICY, maxLength: REQUESTS_PER_POLICY });
  const audiences = fc.option(fc.subarray([...CLIENTS, "else"], { minLength: 1 }), { nil: undefined });
  const samples = fc.sample(fc.tuple(randomPolicyFile, audiences, requests), POLICIES);
  for (const [random, admitted, asked] of samples) {
    const { registeredClientsOnly } = random.issuers.main;
    const file = {
      ...random,
      issuers: {
        main: {
          issuer: issuer.url,
          profile: "cognito",
          algorithms: ["ES256"],
          registeredClientsOnly,
          ...(admitted && { audiences: admitted }),
        },
      },
      upstreams: {
        u: { ...random.upstreams.u, url: `${upstream.origin}/u` },
        v: { ...random.upstreams.v, url: upstream.origin },
      },
    };
    const policy = compiled(file);
    const gateway = await startGateway({ policy: file });
    try {
      for (const { path: target, method: verb, scopes: granted, client } of asked) {
        const token = granted && (await issuer.token({ client_id: client, scope: granted.join(" ") }));
        const caller = token === undefined ? nobody : callerWithToken(token, policy, undefined, Date.now());
        const url = new URL(gateway.origin + target).href;
        const said = await explainRequest(policy, { method: verb, url }, caller);
        const registered = policy.clients.get(client);
        if (granted !== undefined && registered !== undefined) {
          const assumed = assumedCaller({ client: registered, scopes: granted }, policy);
          const { outcome, refusal, refusedAt } = await explainRequest(policy, { method: verb, url }, assumed);
          expect([outcome, refusal, refusedAt]).toEqual([said.outcome, said.refusal, said.refusedAt]);
        }
        upstream.received.length = 0;
        const answer = await call(gateway.origin, `${verb} ${target}`, token === undefined ? {} : { token });
        const context = { file, verb, target, client, granted };
        expect({ ...context, status: answer.status }).toEqual({ ...context, status: said.refusal?.status ?? 200 });
        // An answer to HEAD has no body to read the reason from.
        if (said.refusal && verb !== "HEAD") {
          expect(statusAndReason(answer)).toBe(`${said.refusal.status} ${said.refusal.reason}`);
        }
        const [arrived] = upstream.received;
        expect({ ...context, to: arrived && upstream.origin + arrived.target }).toEqual({
          ...context,
          to: said.forwarded?.to,
        });
        const claims = Object.entries(arrived?.headers ?? {}).filter(([name]) => name.startsWith("x-auth-"));
        const explained = Object.entries(said.forwarded?.headers ?? {}).filter(([name]) => name.startsWith("x-auth-"));
        expect(claims.toSorted()).toEqual(explained.toSorted());
      }
    } finally {
      await gateway.dispose();
    }
  }
});
