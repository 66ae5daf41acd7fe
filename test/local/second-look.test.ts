import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { secondLook } from "../../src/local/second-look.ts";

const WRITING_MS = 100;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whoever is to look again finds what `file` holds at that time. */
function watch() {
  const reports: string[] = [];
  const file = { text: "old" };
  const look = secondLook<string>(
    () => look.at(file.text),
    (found) => reports.push(found),
  );
  const noticed = (text: string): void => {
    file.text = text;
    look.at(text);
  };
  return { reports, file, look, noticed };
}

it("says nothing of a file that is complete by the second look", () => {
  const { reports, file, noticed } = watch();
  noticed("half");
  vi.advanceTimersByTime(WRITING_MS - 1);
  expect(reports).toEqual([]);
  file.text = "whole";
  vi.advanceTimersByTime(1);
  expect(reports).toEqual(["whole"]);
  vi.runAllTimers();
  expect(reports).toEqual(["whole"]);
});

it("reports what is still wrong at the second look", () => {
  const { reports, noticed } = watch();
  noticed("half");
  vi.advanceTimersByTime(WRITING_MS);
  expect(reports).toEqual(["half"]);
});

it("takes a change in between for the second look", () => {
  const { reports, noticed } = watch();
  noticed("half");
  noticed("whole");
  vi.runAllTimers();
  expect(reports).toEqual(["whole"]);
});

it("looks twice at each change", () => {
  const { reports, noticed } = watch();
  noticed("one");
  vi.runAllTimers();
  noticed("two");
  expect(reports).toEqual(["one"]);
  vi.runAllTimers();
  expect(reports).toEqual(["one", "two"]);
});

it("reports nothing once it is stopped", () => {
  const { reports, look, noticed } = watch();
  noticed("one");
  look.stop();
  vi.runAllTimers();
  noticed("two");
  noticed("three");
  expect(reports).toEqual([]);
});
