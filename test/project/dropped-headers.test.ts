import { expect, it } from "vitest";
import { DROPPED_FROM_CALLERS } from "../../src/http/header-names.ts";
import { projectFile, tableRows } from "../support/project/project-files.ts";

it("the page on upstream requests lists every header that callers cannot send, and no other, once", () => {
  const rows = tableRows(projectFile("docs/reference/upstream-requests.md"), ["kind", "names"]);
  const listed = rows.flatMap(([, names = ""]) => Array.from(names.matchAll(/`([^`]+)`/g), ([, name]) => name));
  expect(listed.toSorted()).toEqual(DROPPED_FROM_CALLERS.toSorted());
});
