import { expect, test } from "vitest";
import { withProgress } from "../../../src/cli/print/progress.ts";

/** A terminal whose clock moves on by a second with each step. */
function screen(isTTY: boolean) {
  const written: string[] = [];
  let seconds = 0;
  return {
    written,
    screen: {
      stream: { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 },
      now: () => 1_000 * seconds++,
    },
  };
}

const ERASE = "\r\u001b[K";

test("a step is named once two seconds have passed, and erased at the end", async () => {
  const { written, screen: terminal } = screen(true);
  const result = await withProgress((onStep) => {
    for (const step of ["one", "two", "two", "three"]) onStep(step);
    return written.join("");
  }, terminal);
  expect(result).toBe(`${ERASE}two ...${ERASE}three ...`);
  expect(written.at(-1)).toBe(ERASE);
});

test("nothing is written within two seconds", async () => {
  const { written, screen: terminal } = screen(true);
  await withProgress((onStep) => onStep("one"), terminal);
  expect(written).toEqual([]);
});

test("nothing is written if it is no terminal", async () => {
  const { written, screen: terminal } = screen(false);
  await withProgress((onStep) => {
    for (const step of ["one", "two", "three", "four"]) onStep(step);
  }, terminal);
  expect(written).toEqual([]);
});

test("the line is erased after an error", async () => {
  const { written, screen: terminal } = screen(true);
  const failing = withProgress((onStep) => {
    for (const step of ["one", "two", "three"]) onStep(step);
    throw new Error("gave up");
  }, terminal);
  await expect(failing).rejects.toThrow("gave up");
  expect(written.at(-1)).toBe(ERASE);
});
