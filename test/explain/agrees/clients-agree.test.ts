/**
 * What every tool says about a client is the same: the matrix, `explain`, which asks the gateway itself, and `prove`.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { assumedCaller, nobody } from "../../../src/explain/caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import { accessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import { cell, randomClientsPair } from "../../support/policy/random-clients.ts";
import { ALL_METHODS, ALL_PATHS, CLIENTS, runs, served } from "../../support/policy/random-policy.ts";

it("explain and the proofs about each client agree with the matrix", { timeout: 20_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      randomClientsPair,
      fc.constantFrom(...ALL_PATHS),
      fc.constantFrom(...ALL_METHODS),
      async ([file], path, method) => {
        const policy = compiled(file);
        const matrix = accessMatrix(policy);
        for (const name of CLIENTS) {
          const client = policy.clients.get(name);
          if (client === undefined) continue;
          const asked = { method, url: `https://gateway.example${path}` };
          // The matrix counts what a client can do with any of its tokens, bound to its certificate or not.
          const tokens = [undefined, "mtls" as const].map((bound) =>
            assumedCaller({ client, scopes: undefined, bound }, policy),
          );
          // On an optional route, a client whose tokens are refused can leave its token out.
          const isOptional = served(policy, method, path)?.requirement.kind === "optional";
          const said = await Promise.all(
            (isOptional ? [...tokens, nobody] : tokens).map((caller) => explainRequest(policy, asked, caller)),
          );
          const isForwarded = said.some(({ outcome }) => outcome === "forwarded");
          expect([name, isForwarded]).toEqual([name, cell(policy, matrix, name, method, path)]);
          for (const { clients } of said.flatMap(({ requirement }) => requirement?.sufficient ?? [])) {
            expect(clients.filter((it) => !cell(policy, matrix, it, method, path))).toEqual([]);
          }
        }
        for (const { guarantee, breaches } of prove(policy)) {
          const reachable = new Set<number | undefined>();
          for (const one of ALL_PATHS) {
            for (const verb of ALL_METHODS) {
              if (cell(policy, matrix, guarantee.name, verb, one)) reachable.add(served(policy, verb, one)?.index);
            }
          }
          expect(breaches.map(({ route }) => route.index).sort()).toEqual([...reachable].sort());
        }
      },
    ),
    runs(60),
  );
});
