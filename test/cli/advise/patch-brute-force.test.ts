import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Policy } from "../../../src/policy/policy.ts";
import { withImplied } from "../../../src/policy/scopes.ts";
import { decide } from "../../../src/testing/decide-request.ts";
import type { Question } from "../../../src/testing/question.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import { ALL_SCOPE_SETS, CLIENTS, randomPolicyFile, runs, SCOPES } from "../../support/policy/random-policy.ts";

const scratch = scratchDirectory();
const ISSUER = "https://issuer.example";

/** Calls of clients that have tokens with some of the scopes. One client is never registered. */
const calls = fc.array(
  fc.record({
    client: fc.constantFrom(...CLIENTS, "three"),
    scopes: fc.oneof(fc.constant([...SCOPES]), fc.subarray([...SCOPES])),
    /** Which route is called. */
    at: fc.nat(40),
    isListed: fc.boolean(),
    method: fc.constantFrom("GET", "HEAD", "POST", "PATCH"),
    segment: fc.constantFrom("a", "b", "c"),
  }),
  { minLength: 1, maxLength: 16 },
);

interface Call {
  readonly client: string;
  readonly scopes: readonly string[];
  readonly method: string;
  readonly path: string;
}

function questionOf({ client, scopes, method, path }: Call): Question {
  const claims = { iss: ISSUER, client_id: client, token_use: "access", scope: scopes.join(" "), sub: "someone" };
  return { method, path, claims };
}

/** What the gateway itself decides, as it would log it. */
async function lineOf(policy: Policy, call: Call, hasPath: boolean) {
  const { outcome, reason, route, upstream, required, granted } = await decide(policy, questionOf(call));
  const isAllowed = outcome === "forwarded";
  return {
    line: {
      event: "decision",
      v: 1,
      time: "2026-11-28T15:00:00.000Z",
      request_id: "0af7651916cd43dd8448eb211c80319c",
      method: call.method,
      route,
      decision: isAllowed ? "allow" : "deny",
      reason,
      status: isAllowed ? 200 : 403,
      ...(granted && { issuer: ISSUER, client_id: call.client, granted }),
      ...(required.length > 0 && { required }),
      upstream: upstream ?? (route === undefined ? undefined : "u"),
      ...(hasPath && { path: call.path }),
    },
    isAllowed,
  };
}

it("closes nothing that was used, and what it keeps is as small as can be: the gateway decides each call again", async () => {
  await fc.assert(
    fc.asyncProperty(randomPolicyFile, calls, fc.boolean(), async (file, chosen, hasPath) => {
      const before = compiled(file);
      const called = chosen.map(({ at, isListed, segment, ...call }): Call => {
        const { path = "/", methods: [listed = "*"] = [] } = file.routes[at % file.routes.length] ?? {};
        const method = isListed && listed !== "*" ? listed : call.method;
        return { ...call, method, path: path.replaceAll(/:p\d|\*/g, segment) };
      });
      const seen = await Promise.all(called.map((call) => lineOf(before, call, hasPath)));
      const folder = scratch.folder();
      const policy = folder.write("routes.json", file);
      const log = folder.write("log", seen.map(({ line }) => JSON.stringify(line)).join("\n"));
      const { exitCode, stdout, stderr } = await scopegate(
        "advise",
        "--log",
        log,
        "--policy",
        policy,
        "--patch",
        "--json",
      );
      expect([exitCode, stderr]).toEqual([0, ""]);
      const advice = JSON.parse(stdout);

      const written = JSON.parse(readFileSync(policy, "utf8"));
      // Registrations alone may have changed, and each kept nothing new.
      expect({ ...written, clients: {} }).toEqual({ ...JSON.parse(JSON.stringify(file)), clients: {} });
      const enforced = { main: { ...file.issuers.main, registeredClientsOnly: true } };
      const [was, after] = [file, written].map((it) => compiled({ ...it, issuers: enforced }));
      for (const call of called) {
        if (was === undefined || after === undefined) throw new Error("no policy");
        const [old, now] = [await decide(was, questionOf(call)), await decide(after, questionOf(call))];
        if (old.outcome === "forwarded") expect([call, now.outcome]).toEqual([call, "forwarded"]);
        else expect(now.outcome).not.toBe("forwarded");
      }

      for (const [name, { scopes }] of Object.entries(file.clients)) {
        const entry = advice.clients.find(({ client }: { readonly client: string }) => client === name);
        const used = called.filter((call, at) => call.client === name && seen[at]?.isAllowed && seen[at]?.line.granted);
        if (entry === undefined || used.length === 0) {
          expect(written.clients[name].scopes).toEqual(scopes);
          continue;
        }
        // Where the registration was not enough, what it has of the needed scopes is kept.
        const isEnforceable = await Promise.all(
          used.map(async (call) => was && (await decide(was, questionOf(call))).outcome === "forwarded"),
        );
        if (!isEnforceable.every(Boolean)) continue;
        const policyWith = (kept: readonly string[]) =>
          compiled({ ...file, issuers: enforced, clients: { ...file.clients, [name]: { scopes: kept } } });
        const registered = new Set(scopes.map((scope) => `s/${scope}`));
        const own = ALL_SCOPE_SETS.filter((set) => set.every((scope) => registered.has(scope)));
        const enough: (readonly string[])[] = [];
        for (const set of own) {
          const tightened = policyWith(set);
          const stays = await Promise.all(
            used.map(async (call) => {
              const old = was && (await decide(was, questionOf(call)));
              return (
                old?.outcome !== "forwarded" || (await decide(tightened, questionOf(call))).outcome === "forwarded"
              );
            }),
          );
          if (stays.every(Boolean)) enough.push(set);
        }
        const sizeOf = (set: readonly string[]) => withImplied(before.scopes, set).size;
        const kept: readonly string[] = written.clients[name].scopes;
        const least = Math.min(...enough.map(sizeOf));
        expect([name, sizeOf(kept.map((scope) => `s/${scope}`))]).toEqual([name, least]);
      }
    }),
    runs(40),
  );
});
