/** What every tool says about a client is the same: the matrix, `explain`, which asks the gateway itself, and `prove`. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { assumedCaller } from "../../src/explain/caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { accessMatrix } from "../../src/policy/analysis/access-matrix.ts";
import { prove } from "../../src/policy/analysis/proof/prove.ts";
import { compiled } from "../support/policy/policy-file.ts";
import { cell, randomClientsPair } from "../support/policy/random-clients.ts";
import { ALL_METHODS, ALL_PATHS, CLIENTS, runs, served } from "../support/policy/random-policy.ts";

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
          const caller = assumedCaller({ client, scopes: undefined }, policy);
          const said = await explainRequest(policy, { method, url: `https://gateway.example${path}` }, caller);
          expect([name, said.outcome]).toEqual([
            name,
            cell(policy, matrix, name, method, path) ? "forwarded" : "refused",
          ]);
          for (const { clients } of said.requirement?.sufficient ?? []) {
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
