import fc from "fast-check";
import { expect, test } from "vitest";
import { nobody } from "../../../src/explain/caller.ts";
import { callerWithClaims } from "../../../src/explain/claims-caller.ts";
import { explainRequest } from "../../../src/explain/explain-request.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import {
  heldFrom,
  ISSUED_PATHS,
  ISSUED_SETS,
  issuersFile,
  mintedTokens,
  permitsFrom,
} from "../../support/policy/random-issuers.ts";
import { runs, served } from "../../support/policy/random-policy.ts";

test("what would be enough is enough for the issuers named, and nothing smaller is", async () => {
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(issuersFile, fc.nat(), async (file, choice) => {
      const policy = compiled(file);
      const tokens = mintedTokens(policy);
      const token = tokens[choice % (tokens.length + 1)];
      const claims = {
        iss: token?.issuer.issuer,
        client_id: token?.client?.id ?? "other",
        scope: token?.scopes.join(" "),
      };
      const caller = token ? callerWithClaims(claims, policy, []) : nobody;
      for (const path of ISSUED_PATHS) {
        const route = served(policy, "GET", path);
        if (route === undefined || route.requirement.kind !== "scopes") continue;
        const asked = { method: "GET", url: `https://gw.example${path}` };
        const { outcome, refusal, requirement } = await explainRequest(policy, asked, caller);
        const may = permitsFrom(policy, route, token?.issuer.name, token?.granted);
        expect(outcome).toBe(may ? "forwarded" : "refused");
        if (refusal?.reason !== "issuer-not-accepted") expect(requirement?.outcome?.met).toBe(may);
        if (may) continue;
        refused += 1;
        const { issuers: accepted = [...policy.issuers.values()].map(({ name }) => name), sufficient } =
          requirement ?? {};
        expect(sufficient).toBeDefined();
        const own = token && accepted.includes(token.issuer.name) ? [token.issuer.name] : accepted;
        for (const { scopes, issuers = own } of sufficient ?? []) {
          expect(issuers.length).toBeGreaterThan(0);
          for (const issuer of issuers) expect(permitsFrom(policy, route, issuer, scopes)).toBe(true);
        }
        // Each token that gets through gives what one of the sets gives.
        for (const issuer of own) {
          for (const set of ISSUED_SETS.filter((it) => permitsFrom(policy, route, issuer, it))) {
            const held = heldFrom(policy, issuer, set);
            const listed = (sufficient ?? []).filter(({ issuers }) => issuers?.includes(issuer) ?? true);
            expect(listed.some(({ scopes }) => scopes.every((name) => held.has(name)))).toBe(true);
          }
        }
      }
    }),
    runs(100),
  );
  expect(refused).toBeGreaterThan(0);
});
