import fc from "fast-check";
import { expect, test } from "vitest";
import { nobody } from "../../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../../src/explain/claims-caller.ts";
import { dryRun } from "../../../../src/explain/dry-run.ts";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { onRoute } from "../../../../src/policy/analysis/formulas/with-atoms.ts";
import { type Counterexample, issuerOfCaller } from "../../../../src/policy/analysis/proof/proof.ts";
import { prove } from "../../../../src/policy/analysis/proof/prove.ts";
import { meets } from "../../../../src/policy/authorize.ts";
import type { CallSelection, Guarantee, Policy, Route } from "../../../../src/policy/policy.ts";
import { compiled } from "../../../support/policy/policy-file.ts";
import {
  heldFrom,
  issuersFile,
  type MintedToken,
  mintedTokens,
  permitsFrom,
} from "../../../support/policy/random-issuers.ts";
import { runs } from "../../../support/policy/random-policy.ts";

/** @param token `undefined`: the caller has none */
function selects(
  { clients, issuers }: CallSelection,
  token: Pick<MintedToken, "issuer" | "client"> | undefined,
): boolean {
  if (clients !== undefined && !(token?.client !== undefined && clients.has(token.client.name))) return false;
  return issuers === undefined || (token !== undefined && issuers.has(token.issuer.name));
}

function breaks(policy: Policy, { claim }: Guarantee, route: Route, token: MintedToken | undefined): boolean {
  if (claim.kind === "never") return true;
  if (claim.kind === "publicOnly") return route.requirement.kind === "public" || route.requirement.kind === "optional";
  if (claim.kind !== "requires") throw new Error("no such claim here");
  return (
    token === undefined ||
    !meets(onRoute(claim.expression, route.path), heldFrom(policy, token.issuer.name, token.granted))
  );
}

/** Sends the call of a counterexample through the gateway. */
async function send(policy: Policy, { method, path, caller, scopes }: Counterexample) {
  const issuer = [...policy.issuers.values()].find(({ name }) => name === issuerOfCaller(caller));
  const id = caller.kind === "client" ? caller.client.id : "stranger";
  const claims = { iss: issuer?.issuer, client_id: id, scope: scopes.join(" ") };
  const sender = caller.kind === "anonymous" ? nobody : callerWithClaims(claims, policy, []);
  return dryRun(policy, { method, url: `https://gw.example${path}` }, sender.authenticate);
}

test("a guarantee is broken exactly where some caller of some issuer breaks it, and each example does", async () => {
  let broken = 0;
  await fc.assert(
    fc.asyncProperty(issuersFile, async (file) => {
      const policy = compiled(file);
      const callers = [undefined, ...mintedTokens(policy)];
      for (const { guarantee, breaches } of prove(policy)) {
        const isBroken = (route: Route): boolean =>
          callers.some(
            (token) =>
              selects(guarantee, token) &&
              !guarantee.except.some((exception) => selects(exception, token)) &&
              permitsFrom(policy, route, token?.issuer.name, token?.granted) &&
              breaks(policy, guarantee, route, token),
          );
        const expected = policy.routes.filter(isBroken).map(({ index }) => index);
        // A caller of a client or an issuer is also one who leaves the token out, and the example may be without it.
        expect(breaches.map(({ route }) => route.index).sort()).toEqual(expected);
        for (const breach of breaches) {
          broken += 1;
          const run = await send(policy, breach);
          const { caller, route } = breach;
          expect([run.outcome, run.route?.index]).toEqual(["forwarded", route.index]);
          const token = run.exchange.authentication?.token;
          const minted = token && {
            issuer: token.issuer,
            client: caller.kind === "client" ? caller.client : undefined,
            scopes: breach.scopes,
            granted: token.granted.names,
          };
          expect(minted?.granted ?? []).toEqual(breach.scopes);
          expect(breaks(policy, guarantee, route, minted)).toBe(true);
          // Only on an optional route may callers with a token have to leave it out.
          if (caller.kind === "anonymous" && guarantee.issuers) expect(route.requirement.kind).toBe("optional");
          if (minted) {
            expect(selects(guarantee, minted)).toBe(true);
            expect(guarantee.except.some((exception) => selects(exception, minted))).toBe(false);
          }
        }
      }
    }),
    runs(300),
  );
  expect(broken).toBeGreaterThan(0);
});

test("the matrix shows what each client can do with tokens of its own issuer, and what is not enforced", () => {
  fc.assert(
    fc.property(issuersFile, (file) => {
      const policy = compiled(file);
      const { clients, rows } = accessMatrix(policy);
      for (const [column, name] of clients.entries()) {
        const client = policy.clients.get(name);
        const isRestricted = [...policy.issuers.values()].some(
          (issuer) => issuer.name === client?.issuer && issuer.registeredClientsOnly,
        );
        for (const [index, route] of policy.routes.entries()) {
          const opens = (scopes: readonly string[]) => permitsFrom(policy, route, client?.issuer, scopes);
          const may = opens([...(client?.scopes ?? [])]);
          const could = !isRestricted && opens(["a/p", "a/q", "b/r"]);
          expect([name, index, rows[index]?.allowed[column], rows[index]?.unenforced[column]]).toEqual([
            name,
            index,
            may,
            !may && could,
          ]);
        }
      }
    }),
    runs(200),
  );
});
