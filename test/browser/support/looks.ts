import type { Page } from "playwright-core";
import type { Look } from "./describe-in-browser.ts";

/** Widths of a phone, a tablet and a desk, each light and dark, for `it.each`. */
export const LOOKS: readonly Required<Pick<Look, "width" | "scheme">>[] = [390, 768, 1280].flatMap((width) =>
  (["light", "dark"] as const).map((scheme) => ({ width, scheme })),
);

/** How far the page as a whole can be scrolled sideways, in CSS pixels. Boxes that scroll inside do not count. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
