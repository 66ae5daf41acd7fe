import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVERY_ROW, rowFinder } from "../../../../src/cli/console/matrix/filter-rows.ts";
import { MARKS } from "../../../../src/cli/console/matrix/marks.ts";
import type { MarkLetter } from "../../../../src/cli/console/matrix/matrix-data.ts";
import { reasonAddress } from "../../../../src/cli/console/matrix/reason-address.ts";
import { rowRequests } from "../../../../src/cli/console/routes/row-requests.ts";
import { toMatrixData } from "../../../../src/cli/console/routes/to-matrix-data.ts";
import { valueClients } from "../../../../src/cli/console/routes/value-clients.ts";
import { askWhy } from "../../../../src/cli/console/why/ask-why.ts";
import { readQuestion } from "../../../../src/cli/console/why/question.ts";
import { accessMatrix } from "../../../../src/policy/analysis/access-matrix.ts";
import { compilePolicy } from "../../../../src/policy/compile/compile-policy.ts";
import { randomHostPolicyFile } from "../../../support/policy/random-hosts.ts";
import { issuersFile } from "../../../support/policy/random-issuers.ts";
import { randomPolicyFile, runs } from "../../../support/policy/random-policy.ts";
import { issuersOfTenants, routesOfTenants } from "../../../support/policy/random-tenants.ts";

const ANY_DAY = "2026-11-28";

/** Policies with tenants, values that grant scopes, and clients that must be registered. */
const tenantsFile = fc.tuple(issuersOfTenants, routesOfTenants).map(([file, routes]) => ({
  ...file,
  routes: [...new Map(routes.map((route) => [route.path, route])).values()],
}));

/** Whether a mark says that its caller gets through. `undefined`: that depends on what the address does not say. */
const GETS_THROUGH: Readonly<Record<MarkLetter, boolean | undefined>> = {
  y: true,
  r: true,
  i: undefined,
  // A token can have scopes that no registration has, such as by the claim that names its tenant.
  u: undefined,
  n: false,
};

/** The cells whose reasons say something else than their marks. `undefined`: the file is no policy. */
async function contradictions(file: unknown): Promise<readonly unknown[] | undefined> {
  const result = compilePolicy(file, {});
  if (!result.ok) return undefined;
  const policy = result.value;
  const reasons = { requests: rowRequests(policy), clients: valueClients(policy) };
  const data = toMatrixData(accessMatrix(policy, true), reasons);
  const wrong: unknown[] = [];
  for (const at of rowFinder(data)(EVERY_ROW)) {
    const row = data.rows[at];
    for (const [column, { key }] of data.columns.entries()) {
      const address = row && reasonAddress(data, row, column);
      const letter = data.accesses[row?.access ?? -1]?.marks[column] as MarkLetter;
      if (row === undefined || address === undefined) continue;
      const question = readQuestion(new URL(address, "http://127.0.0.1").searchParams);
      if (question === undefined) throw new Error(`${address} asks nothing.`);
      const circumstances = { policy, day: ANY_DAY, hasStack: false, nowMs: 0 };
      const { explanation } = await askWhy(question, undefined, circumstances);
      const { outcome, hints, refusal } = explanation;
      // The mark says what the caller may do with its token or without one.
      const isOptional = hints.some((hint) => hint.startsWith("A token is optional here."));
      const expected = GETS_THROUGH[letter];
      if (expected === undefined || (outcome === "forwarded" || isOptional) === expected) continue;
      wrong.push({ mark: MARKS[letter].name, key, address, reason: refusal?.reason });
    }
  }
  return wrong;
}

describe("each cell and its reason agree in random policies", () => {
  it.each([
    { name: "with any requirements", files: randomPolicyFile },
    { name: "with hosts", files: randomHostPolicyFile },
    { name: "with several issuers, and routes that accept some of them", files: issuersFile },
    { name: "with tenants, conditions and values that grant scopes", files: tenantsFile },
  ])("$name", async ({ files }) => {
    let policies = 0;
    await fc.assert(
      fc.asyncProperty<[unknown]>(files, async (file) => {
        const wrong = await contradictions(file);
        if (wrong === undefined) return;
        policies += 1;
        expect(wrong).toEqual([]);
      }),
      runs(40),
    );
    expect(policies).toBeGreaterThan(0);
  });
});
