import { describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { policyFileWith } from "../../support/policy/policy-file.ts";

const scratch = scratchDirectory();
const route = { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
const guarantees = [{ paths: ["/orders"], requires: ["read:orders"] }];
const plain = scratch.write("plain.json", policyFileWith({ routes: [route], guarantees }));
const reporting = scratch.write(
  "reporting.json",
  policyFileWith({ routes: [{ ...route, report: { until: "2027-01-31" } }], guarantees }),
);

describe("on the last day of a report, and on the next", () => {
  it.each([
    { command: ["prove", "--policy", reporting], exitCodes: [1, 0], shown: ["public until 2027-01-31", "holds"] },
    { command: ["matrix", "--policy", reporting], exitCodes: [0, 0], shown: ["then read:orders", "read:orders"] },
    {
      command: ["diff", plain, reporting, "--fail-on", "opened"],
      exitCodes: [1, 0],
      shown: ["read:orders -> public until 2027-01-31, before 2027-02-01", "nothing changes"],
    },
    {
      command: ["check", "--policy", reporting],
      exitCodes: [1, 0],
      shown: ["routes[0], which only reports until 2027-01-31", "warning report-ended"],
    },
    {
      command: ["explain", "GET", "/orders", "--policy", reporting],
      exitCodes: [0, 1],
      shown: ["From 2027-02-01 on (UTC), the request is refused: 401", "Refused: 401 credentials-missing"],
    },
  ])("$command.0 tells what holds", async ({ command, exitCodes, shown }) => {
    for (const [at, day] of ["2027-01-31", "2027-02-01"].entries()) {
      const { exitCode, stdout, stderr } = await scopegate(...command, "--on", day);
      expect([exitCode, stderr]).toEqual([exitCodes[at], ""]);
      expect(stdout).toContain(shown[at]);
    }
  });

  it("refuses a day that is none", async () => {
    const { exitCode, stderr } = await scopegate("prove", "--policy", reporting, "--on", "2027-02-30");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--on 2027-02-30: This is not a day of the calendar.");
  });
});
