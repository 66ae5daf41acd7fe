import { formatColumns } from "../output.ts";
import type { Colours } from "../print/colours.ts";

/** A call of the demo, with its expected and its actual answer. */
export interface Row {
  readonly call: string;
  readonly expected: string;
  readonly actual: string;
}

/** Whether the call got the expected answer. */
export function isAsExpected({ expected, actual }: Row): boolean {
  return expected === actual;
}

/** The calls in columns, and a last line that counts them. */
export function formatTable(rows: readonly Row[], { good, bad, strong }: Colours): readonly string[] {
  const cells = rows.map((row) => [isAsExpected(row) ? "ok  " : "FAIL", row.call, row.expected, row.actual]);
  const [heading = "", ...lines] = formatColumns([["", "call", "expected", "actual"], ...cells]);
  const failed = rows.filter((row) => !isAsExpected(row)).length;
  return [
    strong(heading),
    // Colour comes last, because it would count as width.
    ...lines.map((line) => line.replace(/^ok/, good).replace(/^FAIL/, bad)),
    "",
    failed === 0
      ? `All ${rows.length} calls were answered as expected.`
      : `${failed} of ${rows.length} calls were not answered as expected.`,
  ];
}
