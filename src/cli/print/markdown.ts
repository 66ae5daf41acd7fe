import { escapeControlCharacters } from "../../policy/control-characters.ts";

declare const isEscaped: unique symbol;

/** Text in GitHub Flavored Markdown. Only this file makes it, so nothing unescaped can be printed as Markdown. */
export type Markdown = string & { readonly [isEscaped]: true };

/** A text that stands in a code span. */
export interface Code {
  readonly code: string;
}

/** A cell of a table: a text, or several one below the other. */
export type Cell = string | Code | readonly (string | Code)[];

/** Prints the parts of a document, with an empty line between them. */
export function printMarkdown(parts: readonly Markdown[]): void {
  console.log(parts.join("\n\n"));
}

/** A paragraph of text. */
export function markdownText(text: string): Markdown {
  return escapeText(text) as Markdown;
}

/** A line in bold, then a text. */
export function markdownLead(lead: string, text: string): Markdown {
  return `**${escapeText(lead)}** ${escapeText(text)}` as Markdown;
}

/**
 * A table (GFM 4.10).
 *
 * @param centred the number of columns that are not centred; the rest are. Default: none is centred
 */
export function markdownTable(
  headings: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  uncentred = headings.length,
): Markdown {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = headings.map((_heading, column) => (column < uncentred ? "---" : ":-:"));
  return [line(headings.map(escapeCell)), line(rule), ...rows.map((row) => line(row.map(escapeCell)))].join(
    "\n",
  ) as Markdown;
}

function escapeCell(cell: Cell): string {
  if (typeof cell === "string") return escapeText(cell);
  return "code" in cell ? codeSpan(cell.code) : cell.map(escapeCell).join("<br>");
}

/**
 * Text that is shown as it is. GitHub links mentions and addresses in any text that is no code, however it is escaped:
 * such a text becomes a code span.
 */
function escapeText(text: string): string {
  if (/@|:\/\/|www\.|#\d/.test(text)) return codeSpan(text);
  return escapeControlCharacters(text).replace(/[\\`*_|<>[\]]/g, "\\$&");
}

/** A code span with any text (GFM 6.1), for a cell of a table, too. */
function codeSpan(text: string): string {
  const escaped = escapeControlCharacters(text).replace(/\s+/g, " ").replaceAll("|", "\\|");
  let longest = 0;
  for (const [ticks] of escaped.matchAll(/`+/g)) longest = Math.max(longest, ticks.length);
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${escaped}${fence}` : `${fence} ${escaped} ${fence}`;
}
