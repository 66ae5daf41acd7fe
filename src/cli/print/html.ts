import { escapeControlCharacters } from "../../policy/control-characters.ts";

declare const isEscaped: unique symbol;

/** Text in HTML. Only `html` makes it, so nothing unescaped can be printed as HTML. */
export type Html = string & { readonly [isEscaped]: true };

/**
 * A template of HTML. A text that is put in is escaped, for content and for quoted attributes; HTML is put in as it is,
 * and a list of HTML one after the other.
 */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | { readonly html: Html | readonly Html[] })[]
): Html {
  const text = parts.map((part, at) => `${at === 0 ? "" : escapeValue(values[at - 1] ?? "")}${part}`);
  return text.join("") as Html;
}

/**
 * A value as the JSON of a data block (`<script type="application/json">`). No text in it ends the block or begins a
 * comment. Control characters are shown as escapes, as in `html`.
 */
export function jsonInHtml(value: unknown): Html {
  const shown = (_: string, member: unknown) => (typeof member === "string" ? escapeControlCharacters(member) : member);
  return JSON.stringify(value, shown).replaceAll("<", "\\u003c") as Html;
}

/**
 * Our own code as the content of a `<script>` or `<style>`, where nothing can be escaped. Throws if it could end the
 * element. No text of a policy or a token may be in it.
 */
export function codeInHtml(code: string): Html {
  if (/<\/(?:script|style)|<!--/i.test(code)) throw new Error("The code contains what ends its element.");
  return code as Html;
}

/** Parts that are printed at once. */
const PARTS_AT_ONCE = 1_000;

/** Prints the parts of a page, with a line break after each. They are not all in memory at the same time. */
export function printHtml(parts: Iterable<Html>): void {
  let some: Html[] = [];
  for (const part of parts) {
    some.push(part);
    if (some.length < PARTS_AT_ONCE) continue;
    console.log(some.join("\n"));
    some = [];
  }
  if (some.length > 0) console.log(some.join("\n"));
}

function escapeValue(value: string | number | { readonly html: Html | readonly Html[] }): string {
  if (typeof value === "object") return [value.html].flat().join("");
  return escapeControlCharacters(String(value))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
