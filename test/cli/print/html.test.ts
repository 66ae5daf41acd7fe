import { expect, it, vi } from "vitest";
import { codeInHtml, html, jsonInHtml, printHtml } from "../../../src/cli/print/html.ts";

it("escapes every text that is put in, for content and quoted attributes", () => {
  expect(html`<b title="${'"><i>'}">${"a & <b>"} ${7}</b>`).toBe(
    '<b title="&quot;&gt;&lt;i&gt;">a &amp; &lt;b&gt; 7</b>',
  );
});

it("shows control characters", () => {
  expect(html`${"a\u202eb\r"}`).toBe("a\\u{202e}b\\u{d}");
});

it("puts HTML in as it is, and lists one after the other", () => {
  const item = (text: string) => html`<li>${text}</li>`;
  expect(html`<ul>${{ html: ["<", "b"].map(item) }}</ul>${{ html: item("c") }}`).toBe(
    "<ul><li>&lt;</li><li>b</li></ul><li>c</li>",
  );
});

it("writes JSON that no text ends, and that says the same", () => {
  const value = { a: ["</script><!--", 'x"\\', "é"], b: 1 };
  const written = jsonInHtml(value);
  expect(written).not.toContain("<");
  expect(JSON.parse(written)).toEqual(value);
});

it("shows control characters in the texts of JSON", () => {
  expect(JSON.parse(jsonInHtml(["a\u202eb\u001b[2J"]))).toEqual(["a\\u{202e}b\\u{1b}[2J"]);
});

it.each(["</script>", "a</STYLE", "<!--"])("takes no code with %s", (code) => {
  expect(() => codeInHtml(code)).toThrow("ends its element");
});

it("puts code in as it is", () => {
  expect(html`<style>${{ html: codeInHtml("a > b { c: '<' }") }}</style>`).toBe("<style>a > b { c: '<' }</style>");
});

it("prints parts with a line break after each, in pieces", () => {
  const log = vi.spyOn(console, "log").mockReturnValue();
  const parts = Array.from({ length: 2_001 }, (_, at) => html`<p>${at}</p>`);
  printHtml(parts);
  const printed = log.mock.calls.map(([text]) => `${text}\n`);
  vi.restoreAllMocks();
  expect(printed).toHaveLength(3);
  expect(printed.join("")).toBe(parts.map((part) => `${part}\n`).join(""));
});
