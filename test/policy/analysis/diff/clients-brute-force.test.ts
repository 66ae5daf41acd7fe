import fc from "fast-check";
import { expect, it } from "vitest";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { clientAccess } from "../../../../src/policy/analysis/client-access.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { compiled } from "../../../support/policy/policy-file.ts";
import { cell, randomClientsPair } from "../../../support/policy/random-clients.ts";
import { ALL_METHODS, ALL_PATHS, permits, runs, served } from "../../../support/policy/random-policy.ts";

it("the changes of each client are the differences of the two matrices, request by request", {
  timeout: 20_000,
}, () => {
  let bound = 0;
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
            const asksForBinding = [before, after].map((policy) => {
              const required = served(policy, method, path)?.requirement;
              return required !== undefined && "senderConstrained" in required;
            });
            if (could !== can && asksForBinding.includes(true)) bound += 1;
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
  expect(bound).toBeGreaterThan(100);
});

it("a client can make a call exactly if it has a token that the route takes", () => {
  const seen = { bound: 0, unbound: 0 };
  fc.assert(
    fc.property(randomClientsPair, ([file]) => {
      const policy = compiled(file);
      const { rows, clients } = accessMatrix(policy);
      for (const { path, methods, allowed, conditional } of rows) {
        const route = policy.routes.find((it) => it.path === path && it.methods.join() === methods.join());
        for (const [at, name] of clients.entries()) {
          const client = policy.clients.get(name);
          const issuer = file?.issuers[client?.issuer as "main"];
          if (route === undefined || client === undefined || issuer === undefined) throw new Error(`no ${name}`);
          const asksForBinding = "senderConstrained" in route.requirement;
          const isAccepted = clientAccess(policy)[at]?.holder !== undefined;
          const canMeet = permits(policy, route, isAccepted ? [...client.scopes] : undefined);
          const expected = canMeet && !(asksForBinding && issuer.binding?.mtls === "refused");
          expect([path, methods, name, allowed[at]]).toEqual([path, methods, name, expected]);
          // A token need not be bound, so it must be where the route asks for it.
          expect(conditional?.[at] ?? false).toBe(expected && asksForBinding);
          if (asksForBinding && canMeet) seen[expected ? "bound" : "unbound"] += 1;
        }
      }
    }),
    runs(100),
  );
  expect(Math.min(seen.bound, seen.unbound)).toBeGreaterThan(20);
});
