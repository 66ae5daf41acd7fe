type Paint = (text: string) => string;

/** Colours by meaning. Where colour is off, each returns its text unchanged. */
export interface Colours {
  readonly good: Paint;
  readonly bad: Paint;
  readonly doubtful: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
}

/** Colours for a terminal; none if the stream is no terminal or the user opted out (https://no-color.org). */
export function coloursFor(stream: { readonly isTTY?: boolean } = process.stdout): Colours {
  const isColoured = stream.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  const paint = (code: number): Paint => (isColoured ? (text) => `\u001b[${code}m${text}\u001b[0m` : (text) => text);
  return { good: paint(32), bad: paint(31), doubtful: paint(33), strong: paint(1), faint: paint(2) };
}

/** Prints the result of `--json` as one JSON value: sets as arrays, maps as objects. */
export function printJson(value: unknown): void {
  const plain = (_name: string, member: unknown): unknown =>
    member instanceof Set ? [...member] : member instanceof Map ? Object.fromEntries(member) : member;
  console.log(JSON.stringify(value, plain, 2));
}

/** Formats rows in columns, each as wide as its widest cell, without trailing spaces. Cells must not contain colour. */
export function formatColumns(rows: readonly (readonly string[])[], gap = 2): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + gap))
      .join("")
      .trimEnd(),
  );
}

/** A number with its noun: `1 fault`, `2 faults`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The option of every command that asks about a policy. */
export const jsonOption = {
  json: { type: "boolean", description: "Print the result as JSON." },
} as const;
