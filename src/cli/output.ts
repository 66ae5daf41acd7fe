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
