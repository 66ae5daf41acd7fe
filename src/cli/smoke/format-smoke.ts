import { counted, formatColumns } from "../output.ts";
import type { Colours } from "../print/colours.ts";
import type { SmokeCheck } from "./run-smoke.ts";

const LABELS = { ok: "ok", failed: "FAIL", skipped: "skip" } as const;

/** Formats the checks for a terminal, one line each, with what to do below a failed one. Then a line that counts. */
export function formatSmoke(checks: readonly SmokeCheck[], colours: Colours): readonly string[] {
  const names = formatColumns(checks.map(({ outcome, name }) => [LABELS[outcome], name, "|"]));
  const paint = { ok: colours.good, failed: colours.bad, skipped: colours.doubtful };
  const failures = checks.filter(({ outcome }) => outcome === "failed").length;
  return [
    ...checks.flatMap(({ outcome, found, fix }, index) => [
      paint[outcome]((names[index] ?? "").replace(/\|$/, "")) + found,
      ...(fix === undefined ? [] : [`      ${fix}`]),
    ]),
    failures === 0 ? "The gateway works." : `${counted(failures, "check")} failed.`,
  ];
}
