import { expect, test } from "vitest";
import { readingStep } from "../../../src/cli/decisions/reading-step.ts";

test.each([
  { bytes: 0, totalBytes: 200, step: "reading the log: [                    ] 0 %" },
  { bytes: 101, totalBytes: 200, step: "reading the log: [##########          ] 50 %" },
  { bytes: 199, totalBytes: 200, step: "reading the log: [###################] 99 %".replace("]", " ]") },
  { bytes: 200, totalBytes: 200, step: "reading the log: [####################] 100 %" },
  { bytes: 300, totalBytes: 200, step: "reading the log: [####################] 100 %" },
  { bytes: 16 * 1024 * 1024 - 1, totalBytes: undefined, step: "reading the log: 0 MiB" },
  { bytes: 40 * 1024 * 1024, totalBytes: undefined, step: "reading the log: 32 MiB" },
])("$bytes of $totalBytes bytes are shown as: $step", ({ bytes, totalBytes, step }) => {
  expect(readingStep({ bytes, totalBytes })).toBe(step);
});
