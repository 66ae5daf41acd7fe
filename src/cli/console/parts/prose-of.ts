import { type Html, html } from "../../print/html.ts";

/** A text for people, in which backticks mark names and values. The page shows them in another font instead. */
export function proseOf(text: string): readonly Html[] {
  return withCode(text, (code) => html`<code>${code}</code>`);
}

/** The same, where `codeHtml` makes what is shown of a name or a value. */
export function withCode(text: string, codeHtml: (code: string) => Html): readonly Html[] {
  // With a capturing group, `split` gives what is between backticks at the odd places.
  return text.split(/`([^`]*)`/).map((part, at) => (at % 2 === 0 ? html`${part}` : codeHtml(part)));
}
