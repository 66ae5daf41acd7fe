import type { ComparedChange } from "../../../src/cli/console/change/compute/change-answer.ts";

/** A comparison of two versions that finds nothing. */
export const NOTHING: ComparedChange = {
  kind: "compared",
  difference: { routes: [], settings: [], clients: [], assumption: undefined },
  isSameText: false,
  calls: [],
  settingCircumstances: [],
  clientCircumstances: [],
  clientLabels: [],
  isClientKept: [],
  guarantees: [],
  newFindings: [],
};

/** The text of HTML, with one space between words. Its entities stay. */
export function plain(parts: string | readonly string[]): string {
  return [parts]
    .flat()
    .join("")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}
