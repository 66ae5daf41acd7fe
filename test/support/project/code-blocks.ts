/** A fenced code block of a Markdown page. */
export interface CodeBlock {
  /** The first word after the opening fence, in lower case; empty where there is none. */
  readonly language: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** The text between the fences, without the indentation of the opening fence. */
  readonly text: string;
}

/** An opening fence, its info string, the lines up to the closing fence (CommonMark 4.5). */
const BLOCK = /^([ \t>]*)(`{3,}|~{3,})[ \t]*([^\n`]*)\n((?:(?![ \t>]*\2)[^\n]*\n)*)([ \t>]*\2[`~]*[ \t]*$)?/gm;

/**
 * The fenced code blocks of a Markdown page, in lists and quotes too. Throws for a block without an end, because it
 * would hide the rest of the page.
 */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return Array.from(markdown.matchAll(BLOCK), (match) => {
    const [, indent = "", , info = "", body = "", end] = match;
    const line = markdown.slice(0, match.index).split("\n").length;
    if (end === undefined) throw new Error(`The code block of line ${line} has no end.`);
    return {
      language: info.trim().split(/\s/)[0]?.toLowerCase() ?? "",
      line,
      text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    };
  });
}
