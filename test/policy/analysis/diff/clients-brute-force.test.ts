/** What every tool says about a client is the same: the matrix, `diff`, `explain`, `prove`, and the gateway's own code. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type AccessMatrix, accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { compiled } from "../../../support/policy/policy-file.ts";
import {
  ALL_METHODS,
  ALL_PATHS,
  permits,
  randomPolicyPair,
  runs,
  served,
} from "../../../support/policy/random-policy.ts";

/** Audiences of an issuer of each profile: client ids, one that a Cognito client can ask for, one that nobody has. */
const issuer = fc
  .record({
    profile: fc.constantFrom("cognito", "cognito", "rfc9068", "generic"),
    audiences: fc.subarray(["one", "two", "else", "https://s.example"], { minLength: 1 }),
    hasAudiences: fc.boolean(),
    scopeNames: fc.constantFrom("full", "short"),
    registeredClientsOnly: fc.boolean(),
  })
  .map(({ hasAudiences, audiences, ...rest }) => ({
    ...rest,
    ...((hasAudiences || rest.profile !== "cognito") && { audiences }),
  }));

/** Two policies with two issuers each. A client may be under another issuer in the second. */
const pair = fc
  .tuple(
    randomPolicyPair,
    fc.array(issuer, { minLength: 4, maxLength: 4 }),
    fc.infiniteStream(fc.constantFrom("main", "more")),
  )
  .map(([files, issuers, its]) =>
    [files.before, files.after].map((file, at) => ({
      ...file,
      issuers: {
        main: { ...issuers[at * 2], issuer: "https://issuer.example" },
        more: { ...issuers[at * 2 + 1], issuer: "https://more.example" },
      },
      clients: Object.fromEntries(
        Object.entries(file.clients).map(([name, client]) => [name, { ...client, issuer: its.next().value }]),
      ),
      guarantees: Object.keys(file.clients).map((name) => ({ name, clients: [name], never: true })),
    })),
  );

/** The cell of the matrix for a request; a request that no route serves has none. */
function cell(policy: Policy, matrix: AccessMatrix, client: string, method: string, path: string): boolean {
  const route = served(policy, method, path);
  const row = route && matrix.rows[route.index];
  // The matrix has no column for a client that is not registered: such a client may do what anyone may.
  return row?.allowed[matrix.clients.indexOf(client)] ?? row?.isPublic ?? false;
}

it("the changes of each client are the differences of the two matrices, request by request", () => {
  fc.assert(
    fc.property(pair, (files) => {
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
    runs(150),
  );
});
