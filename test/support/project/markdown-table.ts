/** Lines of a Markdown table; all columns but the first are aligned right when `numeric`. */
export function markdownTable(head: readonly string[], lines: readonly (readonly (string | number)[])[]): string {
  const cells = [head, ...lines.map((line) => line.map(String))];
  const widths = head.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const isNumeric = head.map((_, column) => lines.every((line) => Number.isFinite(Number(line[column]))));
  const row = (line: readonly string[]): string =>
    `| ${line.map((text, c) => (isNumeric[c] ? text.padStart(widths[c] ?? 0) : text.padEnd(widths[c] ?? 0))).join(" | ")} |`;
  const rule = widths.map((width, c) => (isNumeric[c] ? `${"-".repeat(width + 1)}:` : "-".repeat(width + 2))).join("|");
  return [row(head), `|${rule}|`, ...cells.slice(1).map(row)].join("\n");
}
