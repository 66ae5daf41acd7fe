import { type Html, html } from "../../print/html.ts";

/** A text with its line breaks, which `html` alone would show as escapes. For `<pre>` and `<textarea>`. */
export function linesOf(text: string): readonly Html[] {
  return text.split(/\r\n|\r|\n/).map((line, at) => (at === 0 ? html`${line}` : html`\n${line}`));
}
