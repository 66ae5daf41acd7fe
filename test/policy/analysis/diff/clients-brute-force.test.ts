import fc from "fast-check";
import { expect, it } from "vitest";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { compiled } from "../../../support/policy/policy-file.ts";
import { cell, randomClientsPair } from "../../../support/policy/random-clients.ts";
import { ALL_METHODS, ALL_PATHS, permits, runs, served } from "../../../support/policy/random-policy.ts";

it("the changes of each client are the differences of the two matrices, request by request", {
  timeout: 20_000,
}, () => {
  fc.assert(
    fc.property(randomClientsPair, (files) => {
      const [before, after] = files.map((file) => compiled(file)) as [Policy, Policy];
      const [old, now] = [accessMatrix(before), accessMatrix(after)];
      const { clients } = diffPolicies(before, after);
      const expected = new Set<string>();
      for (const client of new Set([...old.clients, ...now.clients])) {
        for (const path of ALL_PATHS) {
          for (const method of ALL_METHODS) {
            const [could, can] = [cell(before, old, client, method, path), cell(after, now, client, method, path)];
            if (can && !could) expected.add(`${client} + ${served(after, method, path)?.index}`);
            if (could && !can) expected.add(`${client} - ${served(before, method, path)?.index}`);
          }
        }
      }
      const told = clients.flatMap(({ client, gained, lost, unenforced }) => [
        ...gained.map((call) => ({ call, key: `${client} + ${call.route.index}` })),
        ...[...lost, ...unenforced].map((call) => ({ call, key: `${client} - ${call.route.index}` })),
      ]);
      // The matrix has no rows for paths with parameters.
      const plain = told.filter(({ call }) => call.note === undefined);
      // Of one route, some calls may be lost and others only unenforced.
      expect([...new Set(plain.map(({ key }) => key))].sort()).toEqual([...expected].sort());
      for (const { client, lost } of clients) {
        for (const { witness } of lost) {
          const route = served(after, witness.method, witness.path);
          const isUnenforced = route && now.rows[route.index]?.unenforced[now.clients.indexOf(client)];
          // A token with other scopes may get through, but none with those that the client had.
          const held = [...(before.clients.get(client)?.scopes ?? [])];
          if (isUnenforced) expect(permits(after, route, held)).toBe(false);
        }
      }
    }),
    runs(60),
  );
});
