import fc from "fast-check";
import type { AccessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { randomPolicyPair, served } from "./random-policy.ts";

/** Audiences of an issuer of each profile: client ids, one that a Cognito client can ask for, one that nobody has. */
const issuer = fc
  .record({
    profile: fc.constantFrom("cognito", "cognito", "rfc9068", "generic"),
    audiences: fc.subarray(["one", "two", "else", "https://s.example"], { minLength: 1 }),
    hasAudiences: fc.boolean(),
    scopeNames: fc.constantFrom("full", "short"),
    registeredClientsOnly: fc.boolean(),
    mtls: fc.constantFrom("refused", "accepted", "required"),
  })
  .map(({ hasAudiences, audiences, mtls, ...rest }) => ({
    ...rest,
    binding: { mtls },
    ...((hasAudiences || rest.profile !== "cognito") && { audiences }),
  }));

/**
 * Two policies with two issuers each, of which some bind their tokens. Some routes ask for bound tokens. A client may
 * be under another issuer in the second.
 */
export const randomClientsPair = fc
  .tuple(
    randomPolicyPair,
    fc.array(issuer, { minLength: 4, maxLength: 4 }),
    fc.infiniteStream(fc.constantFrom("main", "more")),
    fc.infiniteStream(fc.boolean()),
  )
  .map(([files, issuers, its, asks]) =>
    [files.before, files.after].map((file, at) => ({
      ...file,
      issuers: {
        main: { ...issuers[at * 2], issuer: "https://issuer.example" },
        more: { ...issuers[at * 2 + 1], issuer: "https://more.example" },
      },
      routes: file.routes.map((route) => {
        const needsToken = "scopes" in route || "authenticated" in route;
        return needsToken && asks.next().value ? { ...route, senderConstrained: true } : route;
      }),
      clients: Object.fromEntries(
        Object.entries(file.clients).map(([name, client]) => [name, { ...client, issuer: its.next().value }]),
      ),
      guarantees: Object.keys(file.clients).map((name) => ({ name, clients: [name], never: true })),
    })),
  );

/** The cell of the matrix for a request; a request that no route serves has none. */
export function cell(policy: Policy, matrix: AccessMatrix, client: string, method: string, path: string): boolean {
  const route = served(policy, method, path);
  const row = route && matrix.rows[route.index];
  // The matrix has no column for a client that is not registered: such a client may do what anyone may.
  return row?.allowed[matrix.clients.indexOf(client)] ?? row?.isPublic ?? false;
}
