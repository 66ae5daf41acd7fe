import { expect, it } from "vitest";
import { MARK_LETTERS, MARKS, markOf } from "../../../../src/cli/console/matrix/marks.ts";

it("tells marks apart without colours", () => {
  const marks = MARK_LETTERS.map(markOf);
  for (const member of ["name", "sign", "word", "meaning"] as const) {
    expect(new Set(marks.map((mark) => mark[member])).size).toBe(5);
  }
});

it.each([undefined, "", "x", "toString"])("counts %s as no", (letter) => {
  expect(markOf(letter)).toBe(MARKS.n);
});
