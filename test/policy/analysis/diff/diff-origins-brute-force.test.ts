import fc from "fast-check";
import { expect, test } from "vitest";
import { callerWithClaims } from "../../../../src/explain/claims-caller.ts";
import { dryRun } from "../../../../src/explain/dry-run.ts";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import type { Issuer, Policy, Route } from "../../../../src/policy/policy.ts";
import { compiled } from "../../../support/policy/policy-file.ts";
import { ISSUED_PATHS, ISSUED_SETS, issuersFile, permitsFrom } from "../../../support/policy/random-issuers.ts";
import { runs, served } from "../../../support/policy/random-policy.ts";

/** Registrations are compared elsewhere: here tokens may hold any scopes. */
const unenforced = <File extends { readonly issuers: object }>(file: File, issuers: object) => ({
  ...file,
  issuers: Object.fromEntries(
    Object.entries(file.issuers).map(([name, issuer]) => [name, { ...issuer, registeredClientsOnly: false }]),
  ),
  ...issuers,
});

const MOVED = { ours: { issuer: "https://ours.example", profile: "cognito" } };
/** Half of the time, the partner's issuer has another `iss` in the new policy. */
const pair = fc
  .tuple(issuersFile, issuersFile, fc.boolean(), fc.boolean())
  .map(([before, after, isMoved, isMixed]) => ({
    before: unenforced(before, {}),
    after: unenforced(
      isMixed
        ? { ...after, routes: after.routes.map((route, at) => (at % 2 === 0 ? route : before.routes[at])) }
        : after,
      isMoved ? { issuers: { ...MOVED, partner: { issuer: "https://moved.example", profile: "cognito" } } } : {},
    ),
  }));

function isOpen({ requirement: { kind } }: Route): boolean {
  return kind === "public" || kind === "optional";
}

/** The kind of the change of access for the requests to a path, by trying every token of every issuer. */
function accessChange(before: Policy, after: Policy, path: string): string | undefined {
  const [old, now] = [served(before, "GET", path), served(after, "GET", path)];
  if (now && isOpen(now)) return old && isOpen(old) ? undefined : "opened";
  if (now === undefined || old === undefined) return now === old ? undefined : now ? "added" : "removed";
  if (isOpen(old)) return "tighter";
  const name = ({ issuers }: Policy, iss: string) => issuers.get(iss)?.name;
  // Where one of the policies does not have the issuer, that its tokens are accepted at all is another change.
  const gains = (iss: string, scopes: readonly string[]) =>
    after.issuers.has(iss) &&
    permitsFrom(after, now, name(after, iss), scopes) &&
    !permitsFrom(before, old, name(before, iss), scopes);
  const loses = (iss: string, scopes: readonly string[]) =>
    before.issuers.has(iss) &&
    permitsFrom(before, old, name(before, iss), scopes) &&
    !permitsFrom(after, now, name(after, iss), scopes);
  const all = [...new Set([...before.issuers.keys(), ...after.issuers.keys()])];
  const isGained = all.some((iss) => ISSUED_SETS.some((scopes) => gains(iss, scopes)));
  const isLost = all.some((iss) => ISSUED_SETS.some((scopes) => loses(iss, scopes)));
  return isGained ? (isLost ? "incomparable" : "looser") : isLost ? "tighter" : undefined;
}

/** Whether the gateway lets a token of an issuer through, with these scopes. */
async function isForwarded(policy: Policy, issuer: Issuer, scopes: readonly string[], path: string): Promise<boolean> {
  const claims = { iss: issuer.issuer, client_id: "stranger", scope: scopes.join(" ") };
  const caller = callerWithClaims(claims, policy, []);
  const run = await dryRun(policy, { method: "GET", url: `https://gw.example${path}` }, caller.authenticate);
  return run.outcome === "forwarded";
}

test("the changes of access are those that trying every token of every issuer finds, and each example shows one", async () => {
  let shown = 0;
  await fc.assert(
    fc.asyncProperty(pair, async (files) => {
      const [before, after] = [compiled(files.before), compiled(files.after)];
      const expected = new Set(
        ISSUED_PATHS.flatMap((path) => {
          const kind = accessChange(before, after, path);
          return kind === undefined
            ? []
            : [`${kind} ${served(before, "GET", path)?.index} ${served(after, "GET", path)?.index}`];
        }),
      );
      const { routes } = diffPolicies(before, after);
      const access = routes.filter(({ kind }) => kind !== "headers");
      const found = access.map(({ kind, before: old, after: now }) => `${kind} ${old?.index} ${now?.index}`);
      expect([...new Set(found)].sort()).toEqual([...expected].sort());
      for (const { witness, gained, gainedBy, lost, lostBy } of access) {
        // Without a name the policies treat all issuers alike.
        const sides = [
          { scopes: gained, issuers: gainedBy ? [gainedBy] : [...after.issuers.values()], has: after, not: before },
          { scopes: lost, issuers: lostBy ? [lostBy] : [...before.issuers.values()], has: before, not: after },
        ];
        for (const { scopes, issuers, has, not } of sides) {
          if (scopes === undefined) continue;
          for (const issuer of issuers) {
            shown += 1;
            expect(await isForwarded(has, issuer, scopes, witness.path)).toBe(true);
            expect(await isForwarded(not, issuer, scopes, witness.path)).toBe(false);
          }
        }
      }
    }),
    runs(300),
  );
  expect(shown).toBeGreaterThan(0);
});

test("a policy does not differ from itself if its issuers only have other names", () => {
  fc.assert(
    fc.property(issuersFile, (file) => {
      const text = JSON.stringify(file).replaceAll('"partner"', '"renamed"');
      const { routes, settings, clients } = diffPolicies(compiled(file), compiled(JSON.parse(text)));
      expect([routes, settings, clients]).toEqual([[], [], []]);
    }),
    runs(100),
  );
});
