import { expect, it } from "vitest";
import type { Reason } from "../../src/answer/denial.ts";
import { answerText } from "../../src/answer/problem.ts";
import { projectFile, tableRows } from "../support/project/project-files.ts";

const PROBLEM = /case "([\w-]+)":/g;

it("every problem type is documented with its status, title and detail and what to do, and no other (RFC 9457 4)", () => {
  const reasons = Array.from(projectFile("src/answer/problem.ts").matchAll(PROBLEM), ([, reason]) => reason as Reason);
  const documented = tableRows(projectFile("docs/reference/problems.md"), [
    "type",
    "status",
    "title",
    "detail",
    "what to do",
  ]);
  const expected = reasons.map((reason) => {
    const { status, title, detail } = answerText(reason);
    return [`\`${reason}\``, String(status), title, detail, expect.stringMatching(/^\S.+\.$/)];
  });
  expect(expected.length).toBeGreaterThan(0);
  expect(documented.toSorted()).toEqual(
    expected.toSorted((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1)),
  );
});
