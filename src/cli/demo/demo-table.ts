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

/** The calls in columns, and a last line that counts them. Set `colour` for terminals only. */
export function formatTable(rows: readonly Row[], colour: boolean): string {
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const width = (column: keyof Row, title: string) => Math.max(title.length, ...rows.map((row) => row[column].length));
  const calls = width("call", "call");
  const expected = width("expected", "expected");
  const lines = rows.map((row) => {
    const mark = isAsExpected(row) ? paint(32, "ok  ") : paint(31, "FAIL");
    return `${mark}  ${row.call.padEnd(calls)}  ${row.expected.padEnd(expected)}  ${row.actual}`;
  });
  const failed = rows.filter((row) => !isAsExpected(row)).length;
  return [
    paint(1, `      ${"call".padEnd(calls)}  ${"expected".padEnd(expected)}  actual`),
    ...lines,
    "",
    failed === 0
      ? `All ${rows.length} calls were answered as expected.`
      : `${failed} of ${rows.length} calls were not answered as expected.`,
  ].join("\n");
}
