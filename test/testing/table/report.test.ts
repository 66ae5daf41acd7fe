import { describe, expect, it } from "vitest";
import { formatFault } from "../../../src/policy/fault.ts";
import { readTable } from "../../../src/testing/table/read-table.ts";
import { runTable } from "../../../src/testing/table/run-table.ts";
import { compiled, policyFile, policyFileWithRoute } from "../../support/policy/policy-file.ts";

const policy = compiled(policyFileWithRoute({ scopes: ["read:orders"], report: { until: "2027-01-31" } }));
const asked = { method: "GET", path: "/orders" };
const refused = { outcome: "refused", reason: "credentials-missing" };
const reported = { outcome: "forwarded", wouldDeny: "credentials-missing" };

async function differencesOf(row: object) {
  const read = readTable({ tests: [row] }, policy);
  if (!read.ok) return read.failure.map(formatFault);
  const [result] = await runTable(read.value, policy);
  return result?.differences.map(({ member }) => member);
}

describe("a row about a route that only reports", () => {
  it.each([
    { name: "says what it is going to enforce, without a time", row: { ...asked, expect: refused }, expected: [] },
    {
      name: "says what it does on its last day",
      row: { ...asked, now: "2027-01-31T23:59:59.999Z", expect: reported },
      expected: [],
    },
    {
      name: "says what it does after it",
      row: { ...asked, now: "2027-02-01T00:00:00Z", expect: refused },
      expected: [],
    },
    {
      name: "fails if it expects a refusal too early",
      row: { ...asked, now: "2027-01-31T23:59:59.999Z", expect: refused },
      expected: ["outcome", "reason"],
    },
    {
      name: "fails if it expects a report too late",
      row: { ...asked, now: "2027-02-01T00:00:00Z", expect: reported },
      expected: ["outcome", "wouldDeny"],
    },
    {
      name: "fails if it expects another reason",
      row: { ...asked, now: "2027-01-31T12:00:00Z", expect: { ...reported, wouldDeny: "token-expired" } },
      expected: ["wouldDeny"],
    },
    {
      name: "fails if it expects a report of a permitted request",
      row: { ...asked, scopes: ["read:orders"], now: "2027-01-31T12:00:00Z", expect: reported },
      expected: ["wouldDeny"],
    },
    {
      name: "has a fault if it expects a refusal and a report",
      row: { ...asked, expect: { ...refused, wouldDeny: "credentials-missing" } },
      expected: [
        "$.tests[0].expect.wouldDeny: No request that is refused has this. Leave it out, or set `outcome` to forwarded.",
      ],
    },
  ])("$name", async ({ row, expected }) => {
    expect(await differencesOf(row)).toEqual(expected);
  });

  it("has a fault for a time that nothing is compared with", () => {
    const read = readTable(
      { tests: [{ ...asked, now: "2027-01-31T12:00:00Z", expect: refused }] },
      compiled(policyFile()),
    );
    expect(read.ok ? [] : read.failure.map(formatFault)).toEqual([
      "$.tests[0].now: No time is compared with it. Leave it out, or give `token` or `claims`.",
    ]);
  });
});
