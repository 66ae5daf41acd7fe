import fc from "fast-check";
import { expect, test } from "vitest";
import { Denial } from "../../../src/answer/denial.ts";
import type { Exchange } from "../../../src/exchange.ts";
import { type Caller, nobody } from "../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import createReports from "../../../src/features/report.ts";
import { createGateway } from "../../../src/gateway.ts";
import { accessMatrix } from "../../../src/policy/analysis/access-matrix.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { prove } from "../../../src/policy/analysis/proof/prove.ts";
import { policyAt, withoutReports } from "../../../src/policy/analysis/reports.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import { decide } from "../../../src/testing/decide-request.ts";
import { compiled } from "../../support/policy/policy-file.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS = ["2027-01-30", "2027-01-31", "2027-02-01"];
/** Around the end of each day, to the millisecond. */
const MOMENTS = DAYS.flatMap((day) => [-1, 0, DAY_MS - 1, DAY_MS].map((more) => Date.parse(day) + more));
const CLIENTS: Readonly<Record<string, readonly string[]>> = { none: [], reader: ["read"], both: ["read", "write"] };

const way = fc.constantFrom<Ways>(
  { scopes: ["read"] },
  { scopes: ["write"] },
  { scopes: { allOf: ["read", "write"] } },
  { authenticated: true },
  { optional: true },
);
type Ways = { readonly scopes?: unknown; readonly authenticated?: true; readonly optional?: true };
const route = fc.record({ way, until: fc.option(fc.constantFrom(...DAYS), { nil: undefined }) });
const host = fc.constantFrom<readonly string[] | undefined>(undefined, ["api.example"]);
const PATHS = ["/a", "/b"];

type Parts = {
  readonly routes: readonly { readonly way: Ways; readonly until: string | undefined }[];
  readonly hosts: readonly string[] | undefined;
};
const parts = fc.record({ routes: fc.tuple(route, route), hosts: host });

function policyOf({ routes, hosts }: Parts): Policy {
  return compiled({
    issuers: {
      main: { issuer: "https://issuer.example", profile: "generic", audiences: ["api"], registeredClientsOnly: true },
    },
    resourceServers: { api: { scopes: { read: "", write: "" } } },
    clients: Object.fromEntries(Object.entries(CLIENTS).map(([name, scopes]) => [name, { scopes }])),
    upstreams: { u: { url: "https://u.example" } },
    ...(hosts && { hosts }),
    routes: routes.map(({ way: needs, until }, at) => ({
      path: PATHS[at],
      methods: ["GET"],
      ...needs,
      ...(at === 0 && hosts && { hosts }),
      ...(until && { report: { until } }),
      upstream: "u",
    })),
    guarantees: PATHS.map((path) => ({ name: path, paths: [path], requires: ["read"] })),
  });
}

/** What a requirement says of a caller, without any of the code that decides. `undefined`: without a token. */
function meets({ scopes, optional }: Ways, held: readonly string[] | undefined): boolean {
  if (held === undefined) return optional === true;
  if (scopes === undefined) return true;
  return Array.isArray(scopes) ? held.includes(String(scopes[0])) : held.length === 2;
}

const isReporting = (until: string | undefined, nowMs: number): boolean =>
  until !== undefined && nowMs < Date.parse(`${until}T23:59:59.999Z`) + 1;

const callers: readonly (readonly [string | undefined, readonly string[] | undefined])[] = [
  [undefined, undefined],
  ...Object.entries(CLIENTS),
];

/** A caller with a token of a client that has all its scopes. */
function tokenOf(client: string, policy: Policy): Caller {
  const scope = CLIENTS[client]?.map((name) => `api/${name}`).join(" ");
  return callerWithClaims({ client_id: client, aud: "api", scope }, policy, [...policy.issuers.values()]);
}

/** What the gateway does, with the Worker's own module and a clock. */
async function enforce(policy: Policy, path: string, client: string | undefined, nowMs: number) {
  let decided: { readonly exchange: Exchange; readonly denial: Denial | undefined } | undefined;
  const caller = client === undefined ? undefined : tokenOf(client, policy);
  const serve = createGateway({
    policy,
    version: undefined,
    now: () => nowMs,
    reports: createReports(() => nowMs),
    log: () => {},
    onDecision: (exchange, denial) => {
      decided = { exchange, denial };
    },
    authenticate: (...request) =>
      caller?.authenticate ? caller.authenticate(...request) : new Denial("credentials-missing"),
    serveEndpoint: (exchange) => exchange.answer(new Response()),
    fetcherOf: () => async () => new Response(),
    setOwnHeaders: () => undefined,
    limitPauses: (response) => response,
  });
  const headers = client === undefined ? undefined : { authorization: "Bearer assumed" };
  await serve(new Request(`https://api.example${path}`, headers && { headers }), () => {});
  return { isForwarded: decided?.denial === undefined, wouldDeny: decided?.exchange.wouldDeny?.reason };
}

test("enforcement, explain, decide, matrix, prove and diff agree at every moment around the last day", async () => {
  const seen = { reported: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(parts, fc.constantFrom(...MOMENTS), async (made, nowMs) => {
      const policy = policyOf(made);
      const served = policyAt(policy, nowMs);
      const matrix = accessMatrix(served);
      const proofs = prove(served);
      const opened = diffPolicies(withoutReports(policy), served).routes;
      for (const [at, { way: needs, until }] of made.routes.entries()) {
        const path = PATHS[at] ?? "";
        const reports = isReporting(until, nowMs);
        for (const [client, held] of callers) {
          const isMet = meets(needs, held);
          const { isForwarded, wouldDeny } = await enforce(policy, path, client, nowMs);
          expect(isForwarded).toBe(isMet || reports);
          expect(wouldDeny !== undefined).toBe(reports && !isMet);
          seen.reported += wouldDeny ? 1 : 0;
          seen.refused += isForwarded ? 0 : 1;

          const question = { method: "GET", path: `https://api.example${path}`, ...(client && { client }) };
          const decision = await decide(policy, { ...question, ...(policy.hasReports && { now: nowMs }) });
          expect([decision.outcome === "forwarded", decision.wouldDeny]).toEqual([isForwarded, wouldDeny]);
          // Without a time, it is what the route is going to enforce.
          expect((await decide(policy, question)).outcome === "forwarded").toBe(isMet);

          const said = await explainRequest(
            served,
            { method: "GET", url: `https://api.example${path}` },
            client === undefined ? nobody : tokenOf(client, served),
          );
          expect(said.outcome === "forwarded").toBe(isForwarded);
          expect(said.report?.until).toBe(reports ? until : undefined);
          expect(said.report?.refusal?.reason).toBe(wouldDeny);

          const row = matrix.rows[at];
          const isAllowed = client === undefined ? row?.isPublic : row?.allowed[matrix.clients.indexOf(client)];
          expect(isAllowed).toBe(isForwarded);
          expect(row?.enforcedFrom !== undefined).toBe(reports);
        }
        // A token need not have all the scopes of its client's registration.
        const isKept = [...callers, ["both", ["write"]] as const].every(
          ([, held]) => held?.includes("read") || !(meets(needs, held) || reports),
        );
        expect(proofs[at]?.breaches.length === 0).toBe(isKept);
        const isOpened = reports && !meets(needs, undefined);
        expect(opened.some(({ kind, after }) => kind === "opened" && after?.index === at)).toBe(isOpened);
      }
    }),
    { numRuns: 150 },
  );
  expect(Math.min(seen.reported, seen.refused)).toBeGreaterThan(50);
});
