/**
 * A replay says of each line what the gateway itself does with the request under the other policy, or that nobody can
 * tell.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { Judge } from "../../../src/cli/replay/judge.ts";
import type { ObservedLine } from "../../../src/cli/replay/observed.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { gatewayLine, type SentRequest } from "../../support/decisions/gateway-lines.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import { HOSTS, randomHostPolicyFile } from "../../support/policy/random-hosts.ts";
import { ALL_METHODS, ALL_PATHS, ALL_SCOPE_SETS, randomPolicyPair, runs } from "../../support/policy/random-policy.ts";

const claims = fc
  .tuple(fc.constantFrom("one", "two", "nobody"), fc.constantFrom(...ALL_SCOPE_SETS))
  .map(([client, scopes]) => ({ client_id: client, scope: scopes.join(" ") }));
const request = fc.record({
  method: fc.constantFrom(...ALL_METHODS, "OPTIONS"),
  path: fc
    .tuple(fc.constantFrom(...ALL_PATHS), fc.constantFrom("", "", "", "", ";v=1", "%2Fx"))
    .map(([path, more]) => (path.endsWith("/") ? path : path + more)),
  host: fc.constantFrom(...HOSTS),
  claims: fc.option(claims, { nil: undefined }),
});
const requests = fc.array(request, { minLength: 20, maxLength: 20 });

/** How many answers are told, of all that were asked for. */
const told = { of: 0, all: 0 };

interface Compared {
  readonly before: Policy;
  readonly after: Policy;
  readonly judge: Judge;
}

function compared(files: { readonly before: unknown; readonly after: unknown }, isKnown = true): Compared {
  const [before, after] = [compiled(files.before), compiled(files.after)];
  return { before, after, judge: new Judge(after, isKnown ? before : undefined) };
}

/** @returns why nobody can tell; `undefined`: somebody can */
async function compare({ before, after, judge }: Compared, sent: SentRequest, shown = (line: ObservedLine) => line) {
  const { line } = await gatewayLine(before, sent);
  const truth = await gatewayLine(after, sent);
  const { answer } = judge.judge(shown(line));
  told.all += 1;
  if (answer.kind === "untold") return answer.cause;
  told.of += 1;
  const what = JSON.stringify({ sent, line: shown(line), truth: truth.line, answer: answer.kind });
  expect(answer.kind === "allowed", what).toBe(truth.line.decision === "allow");
  if (answer.kind === "allowed") expect(answer.route.upstream.name, what).toBe(truth.line.upstream);
  else if (answer.reason !== undefined) expect(answer.reason, what).toBe(truth.line.reason);
  return undefined;
}

const withoutPath = ({ path: _path, ...line }: ObservedLine): ObservedLine => line;

it("agrees with the gateway where the line has the path", async () => {
  await fc.assert(
    fc.asyncProperty(randomPolicyPair, requests, async (files, all) => {
      const policies = compared(files);
      for (const sent of all) {
        const cause = await compare(policies, sent);
        // Nothing else is unknown here: no policy has conditions, and the scopes that count are in both.
        expect([undefined, "path", "credentials", "token", "scope", "gateway"]).toContain(cause);
      }
    }),
    runs(100),
  );
  expect(told.of / told.all).toBeGreaterThan(0.5);
});

it("agrees with the gateway where the line has no path", async () => {
  await fc.assert(
    fc.asyncProperty(randomPolicyPair, requests, async (files, all) => {
      const policies = compared(files);
      for (const sent of all) await compare(policies, sent, withoutPath);
    }),
    runs(100),
  );
});

it("agrees with the gateway where routes name hosts", async () => {
  await fc.assert(
    fc.asyncProperty(randomHostPolicyFile, randomHostPolicyFile, requests, async (before, after, all) => {
      const policies = compared({ before, after });
      for (const sent of all) {
        await compare(policies, sent);
        await compare(policies, sent, withoutPath);
      }
    }),
    runs(50),
  );
});

it("agrees with the gateway without the policy before, if only routes differ", async () => {
  await fc.assert(
    fc.asyncProperty(randomPolicyPair, requests, async ({ before, after }, all) => {
      const policies = compared({ before, after: { ...before, routes: after.routes } }, false);
      for (const sent of all) {
        // Without the policy before, nobody knows whether the path had path parameters.
        await compare(policies, sent);
        if (!/;|%2F/.test(sent.path)) await compare(policies, sent, withoutPath);
      }
    }),
    runs(100),
  );
});

it("changes nothing under the policy that wrote the lines", async () => {
  await fc.assert(
    fc.asyncProperty(randomPolicyPair, requests, async ({ before: file }, all) => {
      const policy = compiled(file);
      const judge = new Judge(policy, policy);
      for (const sent of all) {
        const { line } = await gatewayLine(policy, sent);
        for (const shown of [line, withoutPath(line)]) {
          const { answer } = judge.judge(shown);
          const isTold =
            line.route !== undefined && line.decision !== undefined && line.reason !== "method-not-allowed";
          if (isTold && !["path-ambiguous"].includes(line.reason ?? "")) {
            expect(answer.kind, JSON.stringify(line)).not.toBe("untold");
          }
          if (answer.kind !== "untold") expect(answer.kind === "allowed").toBe(line.decision === "allow");
        }
      }
    }),
    runs(100),
  );
});
