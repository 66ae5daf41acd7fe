import type { Page } from "playwright-core";
import { EVIL_SELECTOR } from "../../support/policy/hostile-policy.ts";

/**
 * What texts of a policy, a request or a token have become part of a page's markup: elements and attributes that the
 * page does not make, scripts that it does not serve, styles in attributes, addresses that run script, and control
 * characters in texts and attributes.
 */
export function strayMarkup(page: Page): Promise<readonly string[]> {
  return page.evaluate((evil) => {
    const startOf = (element: Element) => element.outerHTML.slice(0, 120);
    const found = Array.from(document.querySelectorAll(evil), (element) => `element: ${startOf(element)}`);
    const isServed = (script: HTMLScriptElement) =>
      script.type === "application/json" || script.src.startsWith(`${location.origin}/assets/`);
    found.push(...Array.from(document.scripts).flatMap((it) => (isServed(it) ? [] : [`script: ${startOf(it)}`])));
    for (const element of document.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        if (/^on|^style$/.test(name) && !element.closest("#matrix"))
          found.push(`attribute ${name}: ${startOf(element)}`);
        if (["href", "src", "action"].includes(name) && /^\s*(?:javascript|vbscript):/i.test(value))
          found.push(`address: ${value}`);
        if (/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(value.replaceAll("\n", "")))
          found.push(`control character in ${name}: ${startOf(element)}`);
      }
    }
    if (/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test((document.body.textContent ?? "").replaceAll("\n", "")))
      found.push("control character in the text");
    return found;
  }, EVIL_SELECTOR);
}
