import { expect, it } from "vitest";
import { ALL_REASONS } from "../../src/answer/all-reasons.ts";
import { projectFile, tableRows } from "../support/project/project-files.ts";

it("every problem type is documented with its status, title and detail and what to do, and no other (RFC 9457 4)", () => {
  const documented = tableRows(projectFile("docs/reference/problems.md"), [
    "type",
    "status",
    "title",
    "detail",
    "what to do",
  ]);
  const expected = Object.entries(ALL_REASONS).map(([reason, { status, title, detail }]) => {
    return [`\`${reason}\``, String(status), title, detail, expect.stringMatching(/^\S.+\.$/)];
  });
  expect(expected.length).toBeGreaterThan(0);
  expect(documented.toSorted()).toEqual(
    expected.toSorted((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1)),
  );
});

it("the page on answers lists every reason once, beside its status", () => {
  const rows = tableRows(projectFile("docs/reference/answers.md"), ["status", "reason"]);
  const listed = rows.flatMap(([statuses = "", reasons = ""]) =>
    Array.from(reasons.matchAll(/`([a-z-]+)`/g), ([, reason = ""]) => ({ reason, statuses: statuses.split(", ") })),
  );
  expect(listed.map(({ reason }) => reason).toSorted()).toEqual(Object.keys(ALL_REASONS).toSorted());
  const misplaced = listed.filter(
    ({ reason, statuses }) => !statuses.includes(String(ALL_REASONS[reason as keyof typeof ALL_REASONS].status)),
  );
  expect(misplaced).toEqual([]);
});
